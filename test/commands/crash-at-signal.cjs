// Loaded before the program, so that a test can make it crash at any time.
process.on('SIGUSR2', () => {
  throw new Error('a crash for a test')
})

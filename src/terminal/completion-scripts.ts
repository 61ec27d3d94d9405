/** Scripts for shells. Each asks `toxtcp complete` for words, and completes names of files where that prints none. */
export const completionScripts = {
  bash: `_toxtcp() {
  local IFS=$'\\n'
  COMPREPLY=($(toxtcp complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  case "\${COMPREPLY[0]}" in *=) compopt -o nospace ;; esac
}
complete -o default -o bashdefault -F _toxtcp toxtcp
`,
  zsh: `#compdef toxtcp
_toxtcp() {
  local -a found shown
  local line
  integer width
  found=(\${(f)"$(toxtcp complete --about -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( ! \${#found} )); then _files; return; fi
  if [[ "$found" == *$'\\t'* ]]; then
    for line in "\${(@)found%%$'\\t'*}"; do
      (( \${#line} > width )) && width=\${#line}
    done
    for line in "\${(@)found}"; do
      printf -v line '%-*s  %s' $width "\${line%%$'\\t'*}" "\${\${(M)line:#*$'\\t'*}#*$'\\t'}"
      shown+=("\${line[1,COLUMNS-1]}")
    done
    compadd -l -d shown -- "\${(@)found%%$'\\t'*}"
    return
  fi
  compadd -S '' -- "\${(@M)found:#*=}"
  compadd -- "\${(@)found:#*=}"
  (( compstate[nmatches] ))
}
compdef _toxtcp toxtcp
`,
  fish: `function __toxtcp_complete
  set -l found (toxtcp complete --about -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c toxtcp -f -a '(__toxtcp_complete)'
`,
} as const

type Shell = keyof typeof completionScripts

export const shells = Object.keys(completionScripts) as Shell[]

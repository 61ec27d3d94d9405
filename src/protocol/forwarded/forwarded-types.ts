import {
  dataRetrieveRequest,
  dataRetrieveResponse,
  dataSearchRequest,
  dataSearchResponse,
  storeAnnounceRequest,
  storeAnnounceResponse,
} from './announce-storage.js'
import {announcement} from './announcement.js'
import {forwardChain} from './forward-chain.js'

/** What a relay forwards to nodes, and what comes back. */
export const forwardedTypes = [
  forwardChain,
  dataSearchRequest,
  dataSearchResponse,
  dataRetrieveRequest,
  dataRetrieveResponse,
  storeAnnounceRequest,
  storeAnnounceResponse,
  announcement,
] as const

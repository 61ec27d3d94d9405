import {audioFrame, bandwidth, msi, videoFrame} from './call.js'
import {action, message} from './chat.js'
import {
  conferenceDirect,
  conferencePeerLeave,
  conferenceQuery,
  conferenceQueryResponse,
  conferenceTitle,
} from './conference-direct.js'
import {
  conferenceInvitation,
  conferenceInvite,
  conferenceInviteMember,
  conferenceInviteResponse,
  conferencePeerOnline,
  conferenceRejoin,
} from './conference-invite.js'
import {
  conferenceAction,
  conferenceChangeName,
  conferenceChangeTitle,
  conferenceFreezePeer,
  conferenceKillPeer,
  conferenceLossy,
  conferenceMessage,
  conferenceNewPeer,
  conferencePing,
  conferenceText,
} from './conference-message.js'
import {customLossless, customLossy} from './custom.js'
import {fileControl, fileData, fileSendRequest} from './file-transfer.js'
import {alive, friendRequests, offline, online, shareRelays} from './friend-connection.js'
import {groupInvitation, groupInvite, groupInviteAccepted, groupInviteConfirmation} from './group-invite.js'
import {nickname, statusMessage, typing, userStatus} from './profile.js'
import {cryptoKill, cryptoRequest} from './session-control.js'

/** What a net_crypto session carries, and what that carries, in the order of their ids. */
export const messengerTypes = [
  cryptoRequest,
  cryptoKill,
  alive,
  shareRelays,
  friendRequests,
  online,
  offline,
  nickname,
  statusMessage,
  userStatus,
  typing,
  message,
  action,
  msi,
  fileSendRequest,
  fileControl,
  fileData,
  groupInvitation,
  conferenceInvitation,
  conferencePeerOnline,
  conferenceDirect,
  conferenceMessage,
  conferenceRejoin,
  customLossless,
  audioFrame,
  videoFrame,
  bandwidth,
  conferenceLossy,
  customLossy,
  groupInvite,
  groupInviteAccepted,
  groupInviteConfirmation,
  conferenceInvite,
  conferenceInviteResponse,
  conferenceInviteMember,
  conferencePeerLeave,
  conferenceQuery,
  conferenceQueryResponse,
  conferenceTitle,
  conferencePing,
  conferenceNewPeer,
  conferenceKillPeer,
  conferenceFreezePeer,
  conferenceChangeName,
  conferenceChangeTitle,
  conferenceText,
  conferenceAction,
] as const

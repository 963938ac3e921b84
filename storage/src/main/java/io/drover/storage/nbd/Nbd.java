package io.drover.storage.nbd;

/**
 * The numbers of the NBD wire, named as the protocol document names them less the {@code NBD_}
 * prefix. All integers on the wire are big-endian.
 */
final class Nbd {
  static final long INIT_MAGIC = 0x4e42444d41474943L;
  static final long OPTION_MAGIC = 0x49484156454F5054L;
  static final long OPTION_REPLY_MAGIC = 0x3e889045565a9L;
  static final int REQUEST_MAGIC = 0x25609513;
  static final int SIMPLE_REPLY_MAGIC = 0x67446698;
  static final int STRUCTURED_REPLY_MAGIC = 0x668e33ef;

  static final int FLAG_FIXED_NEWSTYLE = 1;
  static final int FLAG_NO_ZEROES = 1 << 1;

  static final int OPT_EXPORT_NAME = 1;
  static final int OPT_ABORT = 2;
  static final int OPT_LIST = 3;
  static final int OPT_INFO = 6;
  static final int OPT_GO = 7;
  static final int OPT_STRUCTURED_REPLY = 8;
  static final int OPT_LIST_META_CONTEXT = 9;
  static final int OPT_SET_META_CONTEXT = 10;

  static final int REP_ACK = 1;
  static final int REP_SERVER = 2;
  static final int REP_INFO = 3;
  static final int REP_META_CONTEXT = 4;
  private static final int REP_ERROR_BIT = 1 << 31;
  static final int REP_ERR_UNSUP = REP_ERROR_BIT + 1;
  static final int REP_ERR_INVALID = REP_ERROR_BIT + 3;
  static final int REP_ERR_UNKNOWN = REP_ERROR_BIT + 6;
  static final int REP_ERR_SHUTDOWN = REP_ERROR_BIT + 7;
  static final int REP_ERR_TOO_BIG = REP_ERROR_BIT + 9;

  static final int INFO_EXPORT = 0;
  static final int INFO_NAME = 1;
  static final int INFO_BLOCK_SIZE = 3;

  static final int TRANSMISSION_HAS_FLAGS = 1;
  static final int TRANSMISSION_READ_ONLY = 1 << 1;
  static final int TRANSMISSION_SEND_FLUSH = 1 << 2;
  static final int TRANSMISSION_SEND_FUA = 1 << 3;
  static final int TRANSMISSION_SEND_TRIM = 1 << 5;
  static final int TRANSMISSION_SEND_WRITE_ZEROES = 1 << 6;
  static final int TRANSMISSION_SEND_DF = 1 << 7;
  static final int TRANSMISSION_CAN_MULTI_CONN = 1 << 8;
  static final int TRANSMISSION_SEND_CACHE = 1 << 10;

  static final int CMD_FLAG_FUA = 1;
  static final int CMD_FLAG_NO_HOLE = 1 << 1;
  static final int CMD_FLAG_DF = 1 << 2;
  static final int CMD_FLAG_REQ_ONE = 1 << 3;

  static final int REPLY_FLAG_DONE = 1;
  static final int REPLY_TYPE_NONE = 0;
  static final int REPLY_TYPE_OFFSET_DATA = 1;
  static final int REPLY_TYPE_BLOCK_STATUS = 5;
  static final int REPLY_TYPE_ERROR = (1 << 15) + 1;

  static final int STATE_HOLE = 1;
  static final int STATE_ZERO = 1 << 1;

  static final int EPERM = 1;
  static final int EIO = 5;
  static final int EINVAL = 22;
  static final int ENOSPC = 28;
  static final int EOVERFLOW = 75;
  static final int ESHUTDOWN = 108;

  /** The only metadata context there is, and the number under which it is selected. */
  static final String ALLOCATION_CONTEXT = "base:allocation";

  static final int ALLOCATION_CONTEXT_ID = 1;

  /** The protocol's bound on names, queries and messages. */
  static final int MAX_STRING_BYTES = 4096;

  private Nbd() {}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ISS_ERROR (iss_error_quark ())

/**
 * IssError:
 *
 * What went wrong, as something a caller can act on. The values and the D-Bus
 * names beside them (error.c) cross the wire: they never change.
 */
typedef enum
{
  ISS_ERROR_FAILED,             /* nothing more precise is known */
  ISS_ERROR_MALFORMED,          /* the input is not what it claims to be, or is damaged */
  ISS_ERROR_TOO_LARGE,          /* over a limit */
  ISS_ERROR_TOO_COSTLY,         /* would take too much computing */
  ISS_ERROR_WRONG_PASSWORD,     /* the password, and nothing else, is wrong */
  ISS_ERROR_UNSUPPORTED,        /* an algorithm or protection that is not available here */
  ISS_ERROR_NOT_FOUND,
  ISS_ERROR_EXISTS,
  ISS_ERROR_AMBIGUOUS,          /* names more than one thing */
  ISS_ERROR_INVALID_ARGUMENT,   /* wrong use */
  ISS_ERROR_REFUSED,            /* a rule forbids it; force does not help */
  ISS_ERROR_NEEDS_CONFIRMATION, /* a rule warns; force (--force) passes it */
  ISS_ERROR_BUSY,               /* another writer holds the lock */
  ISS_ERROR_CHANGED,            /* the truth moved since it was read */
  ISS_ERROR_NO_SPACE,
  ISS_ERROR_PERMISSION,         /* a file or folder may not be read or written */
  ISS_ERROR_NOT_OWNER,          /* the root folder belongs to somebody else */
  ISS_ERROR_UNREACHABLE,        /* no answer: refused, timed out, name unknown */
  ISS_ERROR_LOGIN,              /* the server answers but does not let us in */
  ISS_ERROR_HOST_KEY_UNKNOWN,
  ISS_ERROR_HOST_KEY_CHANGED,
  ISS_ERROR_NO_AGENT,           /* logged in, but issuant-agent is not installed there */
  ISS_ERROR_PROTOCOL,           /* another protocol version, or not the protocol at all */
  ISS_ERROR_CLOSED,             /* the connection ended while we waited */
  ISS_ERROR_STAGED,             /* another certificate is staged: which wins? */
  ISS_N_ERRORS
} IssError;

GQuark   iss_error_quark             (void);

void     iss_error_take_from_openssl (GError     **error,
                                      IssError     code,
                                      const char  *what);
void     iss_error_set_from_errno    (GError     **error,
                                      int          saved_errno,
                                      const char  *format,
                                      ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS

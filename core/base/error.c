/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"

#include <errno.h>
#include <openssl/err.h>

/* These names cross the wire: never change one. */
static const GDBusErrorEntry entries[] =
{
  { ISS_ERROR_FAILED,             "org.issuant.Error.Failed" },
  { ISS_ERROR_MALFORMED,          "org.issuant.Error.Malformed" },
  { ISS_ERROR_TOO_LARGE,          "org.issuant.Error.TooLarge" },
  { ISS_ERROR_TOO_COSTLY,         "org.issuant.Error.TooCostly" },
  { ISS_ERROR_WRONG_PASSWORD,     "org.issuant.Error.WrongPassword" },
  { ISS_ERROR_UNSUPPORTED,        "org.issuant.Error.Unsupported" },
  { ISS_ERROR_NOT_FOUND,          "org.issuant.Error.NotFound" },
  { ISS_ERROR_EXISTS,             "org.issuant.Error.Exists" },
  { ISS_ERROR_AMBIGUOUS,          "org.issuant.Error.Ambiguous" },
  { ISS_ERROR_INVALID_ARGUMENT,   "org.issuant.Error.InvalidArgument" },
  { ISS_ERROR_REFUSED,            "org.issuant.Error.Refused" },
  { ISS_ERROR_NEEDS_CONFIRMATION, "org.issuant.Error.NeedsConfirmation" },
  { ISS_ERROR_BUSY,               "org.issuant.Error.Busy" },
  { ISS_ERROR_CHANGED,            "org.issuant.Error.Changed" },
  { ISS_ERROR_NO_SPACE,           "org.issuant.Error.NoSpace" },
  { ISS_ERROR_PERMISSION,         "org.issuant.Error.Permission" },
  { ISS_ERROR_NOT_OWNER,          "org.issuant.Error.NotOwner" },
  { ISS_ERROR_UNREACHABLE,        "org.issuant.Error.Unreachable" },
  { ISS_ERROR_LOGIN,              "org.issuant.Error.Login" },
  { ISS_ERROR_HOST_KEY_UNKNOWN,   "org.issuant.Error.HostKeyUnknown" },
  { ISS_ERROR_HOST_KEY_CHANGED,   "org.issuant.Error.HostKeyChanged" },
  { ISS_ERROR_NO_AGENT,           "org.issuant.Error.NoAgent" },
  { ISS_ERROR_PROTOCOL,           "org.issuant.Error.Protocol" },
  { ISS_ERROR_CLOSED,             "org.issuant.Error.Closed" },
  { ISS_ERROR_STAGED,             "org.issuant.Error.Staged" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (entries) == ISS_N_ERRORS);

/**
 * iss_error_quark:
 *
 * The domain of #IssError. Calling it also registers the D-Bus names, so that
 * an error keeps its code on its way over the wire: both ends must have called it.
 *
 * Returns: the domain
 */
GQuark
iss_error_quark (void)
{
  static gsize quark;

  g_dbus_error_register_error_domain ("iss-error-quark", &quark,
                                      entries, G_N_ELEMENTS (entries));

  return (GQuark) quark;
}

/**
 * iss_error_take_from_openssl:
 * @error: return location for an error
 * @code: what it means to the caller
 * @what: what was being done, a sentence without a full stop
 *
 * Sets @error to @what and the reason OpenSSL gives, and empties this thread's
 * OpenSSL queue: a stale entry would be blamed on the next, unrelated call.
 */
void
iss_error_take_from_openssl (GError     **error,
                             IssError     code,
                             const char  *what)
{
  unsigned long first = ERR_peek_error ();
  const char *reason = ERR_reason_error_string (first);

  ERR_clear_error ();

  if (reason != NULL)
    g_set_error (error, ISS_ERROR, code, "%s: %s", what, reason);
  else
    g_set_error_literal (error, ISS_ERROR, code, what);
}

static IssError
code_from_errno (int saved_errno)
{
  switch (saved_errno)
    {
    case ENOENT:
      return ISS_ERROR_NOT_FOUND;

    case EEXIST:
      return ISS_ERROR_EXISTS;

    case EACCES:
    case EPERM:
    case EROFS:
      return ISS_ERROR_PERMISSION;

    case ENOSPC:
    case EDQUOT:
      return ISS_ERROR_NO_SPACE;

    case EFBIG:
      return ISS_ERROR_TOO_LARGE;

    default:
      return ISS_ERROR_FAILED;
    }
}

/**
 * iss_error_set_from_errno:
 * @error: return location for an error
 * @saved_errno: the `errno` of the call that failed
 * @format: what could not be done, a sentence without a full stop
 * @...: arguments for @format
 *
 * Sets @error to the sentence and the system's reason, with the code that fits.
 */
void
iss_error_set_from_errno (GError     **error,
                          int          saved_errno,
                          const char  *format,
                          ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, ISS_ERROR, code_from_errno (saved_errno), "%s: %s",
               what, g_strerror (saved_errno));
}

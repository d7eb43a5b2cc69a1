/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/not-yet.h"

#include <glib/gi18n.h>

#include "core/base/error.h"

/**
 * ctl_not_yet_check_roll:
 * @context: a context
 * @error: return location for an error: %ISS_ERROR_INVALID_ARGUMENT if one of --roll and
 *   --effective-date stands without the other, %ISS_ERROR_REFUSED if both are there
 *
 * Rolling at a date is not built.
 *
 * Returns: whether neither is there
 */
gboolean
ctl_not_yet_check_roll (CtlContext  *context,
                        GError     **error)
{
  gboolean rolls = ctl_context_has (context, "roll");
  gboolean dated = ctl_context_has (context, "effective-date");

  if (!rolls && !dated)
    return TRUE;

  if (!dated)
    g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                         _("--roll needs --effective-date: when the certificate becomes current"));
  else if (!rolls)
    g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                         _("--effective-date goes with --roll: without both the certificate is "
                           "current at once"));
  else
    g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED,
                         _("Not yet: rolling at a date is not part of this version. On that day, "
                           "use --pool and neither --roll nor --effective-date: the certificate "
                           "is current at once then, and the old one kept as the previous one"));

  return FALSE;
}

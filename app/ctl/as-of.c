/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/as-of.h"

#include <glib/gi18n.h>

#include "core/base/effective-date.h"
#include "core/base/error.h"

/**
 * ctl_as_of_get:
 * @context: a context
 * @out_at: (out): the instant; 0: as it is now
 * @error: return location for an error
 *
 * Returns: whether what was typed can be told of; what is past is in the log
 */
gboolean
ctl_as_of_get (CtlContext  *context,
               gint64      *out_at,
               GError     **error)
{
  const char *typed = ctl_context_get (context, "as-of");
  g_autoptr(IssEffectiveDate) date = NULL;

  *out_at = 0;
  if (typed == NULL)
    return TRUE;

  date = iss_effective_date_parse (typed, ctl_context_get_zone (context), NULL, error);
  if (date == NULL)
    {
      g_prefix_error (error, "--at: ");
      return FALSE;
    }

  *out_at = iss_effective_date_get_instant (date);
  if (*out_at >= ctl_context_get_now (context))
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("--at: %s is past: what was then is in the log (get-log --since)"), typed);
  return FALSE;
}

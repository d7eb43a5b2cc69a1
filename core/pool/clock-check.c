/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/clock-check.h"

#include "core/base/error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/**
 * iss_clock_check_dup_text:
 * @offset: a server's clock less this computer's, in seconds
 *
 * Returns: (transfer full): that in words: "7 s ahead", "3 min 20 s behind"
 */
char *
iss_clock_check_dup_text (gdouble offset)
{
  gint64 seconds = (gint64) (fabs (offset) + 0.5);
  g_autofree char *amount = NULL;

  if (fabs (offset) < 10)
    amount = g_strdup_printf (_("%.1f s"), fabs (offset));
  else if (seconds < 60)
    amount = g_strdup_printf (_("%d s"), (int) seconds);
  else if (seconds < 3600)
    amount = g_strdup_printf (_("%d min %d s"), (int) (seconds / 60), (int) (seconds % 60));
  else
    amount = g_strdup_printf (_("%" G_GINT64_FORMAT " h %d min"), seconds / 3600,
                              (int) (seconds / 60 % 60));

  if (offset < 0)
    /* Translators: %s is a time span: "7 s behind" */
    return g_strdup_printf (_("%s behind"), amount);

  return g_strdup_printf (_("%s ahead"), amount);
}

/**
 * iss_clock_check_is_far:
 * @offset: a server's clock less this computer's, in seconds
 *
 * Returns: whether no roll is begun there: it would come at another time than is meant
 */
gboolean
iss_clock_check_is_far (gdouble offset)
{
  return fabs (offset) > ISS_CLOCK_CHECK_LIMIT;
}

/* "; fe02 is 7 s ahead" */
static void
append_server (GString   *text,
               IssServer *server)
{
  g_autofree char *name = iss_server_dup_short_name (server);
  g_autofree char *offset = iss_clock_check_dup_text (iss_server_get_clock_offset (server));

  if (text->len > 0)
    g_string_append (text, _("; "));
  /* Translators: "fe02 is 7 s ahead" */
  g_string_append_printf (text, _("%s is %s"), name, offset);
}

/**
 * iss_clock_check_dup_warning:
 * @pool: a pool
 * @out_worst: (out) (optional): the largest offset of a server that answers, in seconds
 * @out_n_measured: (out) (optional): how many answer
 *
 * Returns: (transfer full) (nullable): which servers' clocks are over
 *   %ISS_CLOCK_CHECK_WARNING seconds off, a sentence; %NULL: none
 */
char *
iss_clock_check_dup_warning (IssPool *pool,
                             gdouble *out_worst,
                             guint   *out_n_measured)
{
  g_autoptr(GString) text = g_string_new (NULL);
  gdouble worst = 0;
  guint n_measured = 0;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssServer *server = iss_pool_get_server (pool, i);
      gdouble offset = iss_server_get_clock_offset (server);

      if (!iss_server_is_answering (server))
        continue;

      n_measured++;
      worst = MAX (worst, fabs (offset));
      if (fabs (offset) > ISS_CLOCK_CHECK_WARNING)
        append_server (text, server);
    }

  if (out_worst != NULL)
    *out_worst = worst;
  if (out_n_measured != NULL)
    *out_n_measured = n_measured;
  if (text->len == 0)
    return NULL;

  g_string_append (text, _(", by this computer. Tokens are refused when clocks differ."));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * iss_clock_check_roll:
 * @servers: (element-type IssServer): where a certificate is to be rolled at an instant
 * @force: pass the warning
 * @error: return location for an error: %ISS_ERROR_NEEDS_CONFIRMATION
 *
 * A server that does not answer cannot be judged, and is not in the way here.
 *
 * Returns: whether no clock is over %ISS_CLOCK_CHECK_LIMIT seconds off
 */
gboolean
iss_clock_check_roll (GPtrArray  *servers,
                      gboolean    force,
                      GError    **error)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_return_val_if_fail (servers != NULL, FALSE);

  for (guint i = 0; i < servers->len; i++)
    {
      IssServer *server = servers->pdata[i];

      if (iss_server_is_answering (server) &&
          iss_clock_check_is_far (iss_server_get_clock_offset (server)))
        append_server (text, server);
    }

  if (text->len == 0 || force)
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION,
               /* Translators: "fe02 is 3 min 20 s behind; fe03 is 2 min 1 s ahead" */
               _("The clocks are too far apart to roll at one instant: %s. Set them right (such "
                 "as with systemd-timesyncd or chrony) first"), text->str);
  return FALSE;
}

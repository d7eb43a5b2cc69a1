/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/console-window-private.h"

#include <glib/gi18n-lib.h>

#include "core/base/text.h"
#include "core/pool/next-roll.h"
#include "core/pool/replication-warning.h"

/**
 * iss_console_window_banner_update:
 * @self: a window
 *
 * Says in the banner, and the status bar, what is true of the pool that is shown: what was
 * imported by hand and is missing on servers, and what is scheduled. An error stays.
 */
void
iss_console_window_banner_update (IssConsoleWindow *self)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr(GPtrArray) warnings = NULL;
  g_autoptr(GString) rest = NULL;
  g_autofree char *sha256 = NULL;
  g_autofree char *next = NULL;
  IssReplicationWarning *warning;
  gint64 now;

  if (self->pool != NULL)
    next = iss_next_roll_dup_text (self->pool, iss_clock_now (iss_pool_get_clock (self->pool)),
                                   zone);
  iss_status_bar_set_next (self->status_bar, next);
  if (self->workspace != NULL)
    iss_status_bar_set_zone (self->status_bar, zone,
                             iss_clock_now (iss_workspace_get_clock (self->workspace)));

  if (self->failed)
    return;

  if (self->pool == NULL)
    {
      iss_banner_clear (self->banner);
      return;
    }

  now = iss_clock_now (iss_pool_get_clock (self->pool));
  warnings = iss_replication_warning_find (self->pool, now, zone);

  if (warnings->len == 0)
    {
      iss_banner_clear (self->banner);
      return;
    }

  warning = g_ptr_array_index (warnings, 0);
  rest = g_string_new (warning->rest);

  if (warnings->len > 1)
    {
      g_string_append_c (rest, ' ');
      g_string_append_printf (rest, ngettext ("The same is true of %u more certificate.",
                                              "The same is true of %u more certificates.",
                                              warnings->len - 1), warnings->len - 1);
    }

  iss_banner_say (self->banner, ISS_BANNER_WARNING, warning->lead, rest->str);

  if (warning->missing->len > 0)
    {
      g_autoptr(GPtrArray) names = g_ptr_array_new ();
      g_autofree char *label = NULL;

      for (guint i = 0; i < warning->missing->len; i++)
        g_ptr_array_add (names, (gpointer) iss_server_get_name (g_ptr_array_index (warning->missing,
                                                                                  i)));

      if (warning->missing->len == 1)
        {
          g_autofree char *name = iss_server_dup_short_name (g_ptr_array_index (warning->missing,
                                                                               0));

          label = g_strdup_printf (_("Import on %s…"), name);
        }
      else
        {
          label = g_strdup_printf (ngettext ("Import on %u Server…", "Import on %u Servers…",
                                             warning->missing->len), warning->missing->len);
        }

      iss_banner_add_button (self->banner, label, "server.import",
                             g_variant_new_strv ((const char *const *) names->pdata, names->len));
    }
  else
    {
      iss_banner_add_button (self->banner, _("Try Again"), "pool.look", NULL);
    }

  sha256 = iss_text_hex (warning->sha256, sizeof warning->sha256, FALSE);
  iss_banner_add_button (self->banner, _("Make It _Global…"), "assignment.make-global",
                         g_variant_new ("(ss)", "", sha256));
}

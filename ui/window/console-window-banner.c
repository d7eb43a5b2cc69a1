/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/console-window-private.h"

#include <glib/gi18n-lib.h>

#include "core/base/text.h"
#include "core/pool/next-roll.h"
#include "core/pool/reload-warning.h"
#include "core/pool/replication-warning.h"

/* What is imported by hand, and where it is missing. */
static void
say_replication (IssConsoleWindow *self,
                 GPtrArray        *warnings)
{
  IssReplicationWarning *warning = g_ptr_array_index (warnings, 0);
  g_autoptr(GString) rest = g_string_new (warning->rest);
  g_autofree char *sha256 = iss_text_hex (warning->sha256, sizeof warning->sha256, FALSE);

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

  iss_banner_add_button (self->banner, _("Make It _Global…"), "assignment.make-global",
                         g_variant_new ("(ss)", "", sha256));
}

/* A service that goes on with what it had comes first: what else there is to say stands behind. */
static void
say_reload (IssConsoleWindow *self,
            GPtrArray        *reloads,
            GPtrArray        *warnings)
{
  const IssReloadWarning *reload = g_ptr_array_index (reloads, 0);
  const char *name = iss_server_get_name (reload->server);
  g_autofree char *short_name = iss_server_dup_short_name (reload->server);
  g_autofree char *lead = g_strdup_printf ("%s: %s", short_name, reload->lead);
  g_autoptr(GString) rest = g_string_new (reload->rest);
  g_autofree char *log = g_strconcat (iss_pool_get_name (self->pool), "/", name, "/event-log",
                                      NULL);

  if (reloads->len > 1)
    {
      g_string_append_c (rest, ' ');
      g_string_append_printf (rest, ngettext ("The same is true of %u more service.",
                                              "The same is true of %u more services.",
                                              reloads->len - 1), reloads->len - 1);
    }
  if (warnings->len > 0)
    g_string_append_printf (rest, " %s", ((IssReplicationWarning *) warnings->pdata[0])->text);

  iss_banner_say (self->banner, ISS_BANNER_ERROR, lead, rest->str);
  iss_banner_add_button (self->banner, _("Show the _Log"), "console.show",
                         g_variant_new_string (log));
  iss_banner_add_button (self->banner, _("_Look Again"), "server.look",
                         g_variant_new_string (name));
}

/**
 * iss_console_window_banner_update:
 * @self: a window
 *
 * Says in the banner, and the status bar, what is true of the pool that is shown: which service
 * goes on with what it had, what was imported by hand and is missing on servers, and what is
 * scheduled. An error of the console’s own stays.
 */
void
iss_console_window_banner_update (IssConsoleWindow *self)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr(GPtrArray) warnings = NULL;
  g_autoptr(GPtrArray) reloads = NULL;
  g_autofree char *next = NULL;
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
  reloads = iss_reload_warning_find (self->pool);

  if (reloads->len > 0)
    say_reload (self, reloads, warnings);
  else if (warnings->len > 0)
    say_replication (self, warnings);
  else
    iss_banner_clear (self->banner);
}

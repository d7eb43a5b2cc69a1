/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/server-zone.h"

#include <string.h>

#include "core/base/text.h"
#include "core/base/time-text.h"

static void
line_free (gpointer data)
{
  IssServerZone *self = data;

  g_free (self->servers);
  g_free (self->text);
  g_free (self);
}

/* The names of those for whom the instant reads alike. */
static char *
dup_names (GPtrArray  *servers,
           gint64      instant,
           const char *text)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;

  for (guint i = 0; i < servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (servers, i);
      GTimeZone *zone = iss_server_get_zone (server);
      g_autofree char *its = zone != NULL ? iss_time_text_instant (instant, zone) : NULL;
      g_autofree char *name = iss_server_dup_short_name (server);

      if (g_strcmp0 (its, text) == 0)
        g_strv_builder_add (builder, name);
    }

  names = g_strv_builder_end (builder);

  return iss_text_join_names ((const char *const *) names);
}

static gboolean
is_listed (GPtrArray  *lines,
           const char *text)
{
  for (guint i = 0; i < lines->len; i++)
    if (strcmp (((const IssServerZone *) g_ptr_array_index (lines, i))->text, text) == 0)
      return TRUE;

  return FALSE;
}

/**
 * iss_server_zone_list:
 * @servers: (element-type IssServer): servers
 * @instant: seconds since 1970, UTC
 *
 * Returns: (transfer full) (element-type IssServerZone): what the instant is there
 */
GPtrArray *
iss_server_zone_list (GPtrArray *servers,
                      gint64     instant)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);

  g_return_val_if_fail (servers != NULL, lines);

  for (guint i = 0; i < servers->len; i++)
    {
      GTimeZone *zone = iss_server_get_zone (g_ptr_array_index (servers, i));
      g_autofree char *text = zone != NULL ? iss_time_text_instant (instant, zone) : NULL;
      IssServerZone *line;

      if (text == NULL || is_listed (lines, text))
        continue;

      line = g_new0 (IssServerZone, 1);
      line->servers = dup_names (servers, instant, text);
      line->text = g_steal_pointer (&text);
      g_ptr_array_add (lines, line);
    }

  return lines;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/server-zone.h"

#define INSTANT 1814392800   /* 2027-06-30T22:00:00Z */

static GPtrArray *
make_servers (const char *const *zones)
{
  g_autoptr(IssLaunch) launch = iss_launch_new ("/nowhere/issuant-agent");
  g_autoptr(IssClock) clock = iss_clock_new_fixed (INSTANT);
  GPtrArray *servers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; zones[i] != NULL; i++)
    {
      g_autofree char *name = g_strdup_printf ("fe%02u.contoso.example", i + 1);
      g_autoptr(IssConnectionAddress) address =
        iss_connection_address_parse ("local:///nowhere", NULL);
      IssServer *server = iss_server_new (name, address, launch, clock);

      iss_server_set_zone (server, zones[i]);
      g_ptr_array_add (servers, server);
    }

  return servers;
}

static void
test_list (void)
{
  static const struct
  {
    const char *zones[4];
    const char *lines;
  } cases[] =
  {
    { { "Europe/Berlin", "UTC", "Europe/Vienna", NULL },
      "fe01 and fe03: 1 July 2027, 00:00 (UTC+2); fe02: 30 June 2027, 22:00 (UTC); " },
    { { "America/New_York", NULL }, "fe01: 30 June 2027, 18:00 (UTC-4); " },
    /* Not told, not a zone, or a file that is none. */
    { { "", "Nowhere/Land", "../../../etc/passwd", NULL }, "" },
    { { "/etc/localtime", "Europe/\u202eBerlin", "Europe/Berlin\n", NULL }, "" },
    { { NULL }, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) servers = make_servers (cases[i].zones);
      g_autoptr(GPtrArray) lines = iss_server_zone_list (servers, INSTANT);
      g_autoptr(GString) text = g_string_new (NULL);

      for (guint k = 0; k < lines->len; k++)
        {
          const IssServerZone *line = g_ptr_array_index (lines, k);

          g_string_append_printf (text, "%s: %s; ", line->servers, line->text);
        }
      g_assert_cmpstr (text->str, ==, cases[i].lines);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server-zone/list", test_list);

  return g_test_run ();
}

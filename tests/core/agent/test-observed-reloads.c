/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/observed-reloads.h"

#include "core/agent/observation.h"
#include "core/assignment/consumer-file.h"
#include "core/assignment/reload-folder.h"
#include "tests/lib/server-folder.h"

#include <glib/gstdio.h>
#include <unistd.h>

static void
configure (IssServerFolder *server,
           const char      *text)
{
  int folder = iss_reload_folder_open (iss_root_folder_get_fd (server->root), TRUE, NULL);
  g_autofree char *path = iss_temp_folder_write (server->folder, ISS_CONSUMER_FILE_OWN, text, -1);

  g_assert_cmpint (folder, >=, 0);
  close (folder);
  g_chmod (path, 0644);
}

/* What the agent saw is what the console reads. */
static void
test_observed_reloads_wire (void)
{
  g_autoptr(IssServerFolder) server = iss_server_folder_new ();
  g_autoptr(IssObservation) observation = NULL;
  g_autoptr(IssObservation) read = NULL;
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GError) error = NULL;
  const IssObservedReloads *reloads;
  const IssReload *reload;

  configure (server, "[web]\ntype=Default\nunit=web.service\naccount=www-data\n");
  observation = iss_observation_make (server->root, NULL, ISS_SERVER_FOLDER_NOW, &error);
  g_assert_no_error (error);
  variant = g_variant_ref_sink (iss_observation_to_variant (observation));
  read = iss_observation_from_variant (variant, &error);
  g_assert_no_error (error);
  reloads = iss_observation_get_reloads (read);
  g_assert_null (reloads->error);
  g_assert_cmpuint (reloads->all->len, ==, 1);
  reload = g_ptr_array_index (reloads->all, 0);
  g_assert_cmpstr (reload->consumer, ==, "web");
  g_assert_cmpstr (reload->what, ==, "web.service");
  g_assert_cmpstr (reload->account, ==, "www-data");
}

static void
test_observed_reloads_error (void)
{
  g_autoptr(IssServerFolder) server = iss_server_folder_new ();
  g_autoptr(IssObservedReloads) seen = NULL;
  g_autoptr(IssObservedReloads) read = NULL;
  g_autoptr(GVariant) variant = NULL;
  GVariantDict dict;

  configure (server, "[web]\nnonsense\n");
  seen = iss_observed_reloads_look (server->root);
  g_assert_nonnull (strstr (seen->error, "consumers.conf, line 2: "));
  g_variant_dict_init (&dict, NULL);
  iss_observed_reloads_write (seen, &dict);
  variant = g_variant_ref_sink (g_variant_dict_end (&dict));
  read = iss_observed_reloads_read (variant);
  g_assert_cmpstr (read->error, ==, seen->error);
  g_assert_cmpuint (read->all->len, ==, 0);
}

/* The server is not trusted; an older one says nothing. */
static void
test_observed_reloads_hostile (void)
{
  static const char *const cases[] =
  {
    "{'reloads': <[{'consumer': <'a'>}]>}",
    "{'reloads': <[@a{sv} {}]>}",
  };
  g_autoptr(GVariant) older = g_variant_ref_sink (g_variant_new ("a{sv}", NULL));
  g_autoptr(IssObservedReloads) nothing = iss_observed_reloads_read (older);
  g_autoptr(GVariant) many = NULL;
  GVariantBuilder builder;

  g_assert_cmpuint (nothing->all->len, ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariant) variant = g_variant_parse (G_VARIANT_TYPE_VARDICT, cases[i], NULL, NULL,
                                                     NULL);

      g_assert_nonnull (variant);
      g_assert_null (iss_observed_reloads_read (variant));
    }

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i <= ISS_CONSUMER_FILE_MAX; i++)
    g_variant_builder_add (&builder, "a{sv}", NULL);
  many = g_variant_ref_sink (g_variant_new_parsed ("{'reloads': <%*>}",
                                                   g_variant_builder_end (&builder)));
  g_assert_null (iss_observed_reloads_read (many));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/observed-reloads/wire", test_observed_reloads_wire);
  g_test_add_func ("/observed-reloads/error", test_observed_reloads_error);
  g_test_add_func ("/observed-reloads/hostile", test_observed_reloads_hostile);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which certificate a real nginx on the loopback shows. Also covers: server-use, pool-use,
 * metadata-fetch, overview-tried. */
#include "core/pool/use-place.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "core/base/error.h"
#include "core/certificate/jwk.h"
#include "core/pool/overview.h"
#include "core/pool/pool-use.h"
#include "core/pool/presence.h"
#include "core/pool/server-private.h"
#include "core/pool/server-use.h"
#include "tests/core/pool/pool-fixture.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/wait.h"

static void
test_parse (void)
{
  const struct
    {
      const char *uri;
      const char *host;   /* NULL: refused */
      guint16     port;
    } cases[] =
    {
      { "tls://fe01.contoso.example:5061", "fe01.contoso.example", 5061 },
      { "tls://fe01", "fe01", 443 },
      { "tls://fe01/", "fe01", 443 },
      { "tls://[::1]:8443", "::1", 8443 },
      { "tls://192.0.2.1", "192.0.2.1", 443 },
      { "", NULL, 0 },
      { "fe01:443", NULL, 0 },
      { "https://fe01/metadata/json/1", "fe01", 443 },
      { "https://fe01:8443/keys?pool=1", "fe01", 8443 },
      { "https://alice@fe01/", NULL, 0 },
      { "https://", NULL, 0 },
      { "http://fe01/metadata/json/1", NULL, 0 },
      { "tls://fe01:0", NULL, 0 },
      { "tls://fe01:65536", NULL, 0 },
      { "tls://fe01/metadata", NULL, 0 },
      { "tls://alice@fe01", NULL, 0 },
      { "tls://-oProxyCommand", NULL, 0 },
      { "tls://fe01?x", NULL, 0 },
      { "tls://", NULL, 0 },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      guint16 port = 0;
      g_autofree char *host = iss_use_place_parse (cases[i].uri, &port, &error);

      g_test_message ("%s", cases[i].uri);
      g_assert_cmpstr (host, ==, cases[i].host);
      g_assert_cmpuint (port, ==, cases[i].port);
      if (cases[i].host == NULL)
        g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
    }
}

/* A port of the loopback that nobody listens on. */
static guint16
find_port (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_assert_cmpuint (port, !=, 0);
  g_socket_listener_close (listener);
  return port;
}

typedef struct
{
  IssTempFolder  *temp;
  IssCertificate *certificate;
  GSubprocess    *nginx;
  char           *uri;
  GAsyncResult   *result;
} Fixture;

static void
result_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_set_object (&fixture->result, result);
}

static GBytes *
look (Fixture  *fixture,
      GError  **error)
{
  g_clear_object (&fixture->result);
  iss_use_place_look_async (fixture->uri, NULL, result_cb, fixture);
  iss_wait_until (fixture->result != NULL);
  return iss_use_place_look_finish (fixture->result, error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  guint16 port = find_port ();
  g_autoptr(GBytes) pem = iss_agent_fixture_make_file ("use", &fixture->certificate);
  g_autofree char *text = NULL;
  g_autofree char *file = NULL;
  g_autofree char *configuration = NULL;
  g_autoptr(GBytes) seen = NULL;
  g_autoptr(GError) error = NULL;
  const char *folder;

  fixture->temp = iss_temp_folder_new ();
  folder = iss_temp_folder_get_path (fixture->temp);
  file = iss_temp_folder_write (fixture->temp, "both.pem", g_bytes_get_data (pem, NULL),
                                (gssize) g_bytes_get_size (pem));
  text = g_strdup_printf ("daemon off; master_process off; pid %s/pid; error_log stderr;\n"
                          "events { }\n"
                          "http { access_log off; client_body_temp_path %s/a; "
                          "proxy_temp_path %s/b; fastcgi_temp_path %s/c; uwsgi_temp_path %s/d; "
                          "scgi_temp_path %s/e;\n"
                          "server { listen 127.0.0.1:%u ssl; ssl_certificate %s; "
                          "ssl_certificate_key %s; root %s; "
                          "location /moved { return 302 /jwks.json; } } }\n",
                          folder, folder, folder, folder, folder, folder, port, file, file,
                          folder);
  configuration = iss_temp_folder_write (fixture->temp, "nginx.conf", text, -1);
  fixture->uri = g_strdup_printf ("tls://127.0.0.1:%u", port);
  fixture->nginx = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "nginx", "-c",
                                     configuration, "-p", folder, NULL);
  g_assert_no_error (error);

  /* It listens when it answers. */
  for (gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
       seen == NULL && g_get_monotonic_time () < end;)
    seen = look (fixture, NULL);
  g_assert_nonnull (seen);
}

static void
stop (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  g_subprocess_send_signal (fixture->nginx, SIGTERM);
  g_subprocess_wait (fixture->nginx, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  stop (fixture);
  g_object_unref (fixture->nginx);
  g_clear_object (&fixture->result);
  g_object_unref (fixture->certificate);
  g_free (fixture->uri);
  iss_temp_folder_free (fixture->temp);
}

static void
test_seen (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) seen = look (fixture, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (seen, iss_certificate_get_sha256 (fixture->certificate)));

  stop (fixture);
  g_assert_null (look (fixture, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_UNREACHABLE);
}

/* The pool's servers use a certificate of the fixture's that nginx does not show. */
static void
test_server (Fixture       *fixture,
             gconstpointer  unused)
{
  static const char *const lines[] = { "OAuthTokenIssuer=A6 Default=S6", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  IssServer *server = iss_pool_get_server (pool, 0);
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  g_autoptr(IssJob) none = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(IssOverview) overview = NULL;
  g_autofree char *ticket = NULL;
  const IssWitnessed *use;

  g_ptr_array_add (servers, server);
  none = iss_pool_use_new (servers);
  g_assert_null (none);
  g_assert_false (iss_server_has_use_places (server));

  iss_witness_set_place (iss_server_get_witness (server), "Default", fixture->uri);
  iss_witness_set_place (iss_server_get_witness (server), "OAuthTokenIssuer", "tls://127.0.0.1:1");
  job = iss_pool_use_new (servers);
  g_clear_object (&fixture->result);
  iss_job_run_async (job, NULL, result_cb, fixture);
  iss_wait_until (fixture->result != NULL);
  g_assert_true (iss_job_run_finish (job, fixture->result, NULL));

  use = iss_witness_get_use (iss_server_get_witness (server), "Default");
  g_assert_true (g_bytes_equal (use->sha256, iss_certificate_get_sha256 (fixture->certificate)));
  g_assert_cmpint (use->at, ==, ISS_POOL_FIXTURE_NOW);
  use = iss_witness_get_use (iss_server_get_witness (server), "OAuthTokenIssuer");
  g_assert_null (use->sha256);
  g_assert_nonnull (use->failure);

  overview = iss_overview_new (pool, ISS_POOL_FIXTURE_NOW, NULL);
  ticket = iss_overview_dup_ticket (overview, "alice");
  g_assert_cmpint (iss_overview_get_level (overview), ==, ISS_OVERVIEW_ERROR);
  g_assert_nonnull (strstr (ticket, " shows another certificate than the one that is current for "
                                    "Default. Reload the service."));
  g_assert_nonnull (strstr (ticket, "tls://127.0.0.1:1 does not show what is in use for "
                                    "OAuthTokenIssuer: "));
}

/* A server that uses what nginx shows for another of its services: so nginx is that server. */
static void
use_certificate (IssServer      *server,
                 IssCertificate *certificate)
{
  GBytes *sha256 = iss_certificate_get_sha256 (certificate);
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(IssObservation) observation = NULL;
  g_autoptr(GError) error = NULL;
  GVariantBuilder slots;

  g_variant_builder_init (&slots, G_VARIANT_TYPE ("a(ayux)"));
  g_variant_builder_add (&slots, "(@ayux)",
                         g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, sha256, TRUE), 6,
                         (gint64) 0);
  for (guint i = 1; i < ISS_N_SLOTS; i++)
    g_variant_builder_add (&slots, "(@ayux)", g_variant_new ("ay", NULL), 0,
                           (gint64) 0);

  variant = g_variant_ref_sink (g_variant_new_parsed (
    "{'time': <%x>, 'types': <[('WebServicesInternal', 'local', uint64 1, uint64 1, %*)]>, "
    "'certificates': <@a(ayayssssxxuuu) []>}", (gint64) ISS_POOL_FIXTURE_NOW,
    g_variant_builder_end (&slots)));
  observation = iss_observation_from_variant (variant, &error);
  g_assert_no_error (error);
  iss_server_set_last_seen (server, observation, ISS_POOL_FIXTURE_NOW, 0);
}

/* What a service says that it signs with; whatever else it answers is said, and no more; and
 * nothing of what a stranger says. */
static void
test_metadata (Fixture       *fixture,
               gconstpointer  unused)
{
  static const char *const lines[] = { "OAuthTokenIssuer=A6", NULL };
  static const struct
  {
    const char *path;
    const char *failure;   /* NULL: it is seen */
  } cases[] =
  {
    { "jwks.json", "Who answers there is not verified" },
    { "jwks.json", NULL },
    { "moved", "somewhere else (HTTP status 302)" },
    { "nothing.json", "HTTP status 404" },
    { "bad.json", "not JSON" },
    { "large.json", "larger than 256 KiB" },
  };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  IssServer *server = iss_pool_get_server (pool, 0);
  g_autofree char *x5c = iss_jwk_dup_x5c (fixture->certificate);
  g_autofree char *jwks = g_strdup_printf ("{\"keys\":[{\"use\":\"sig\",\"x5c\":[\"%s\"]}]}",
                                           x5c);
  g_autofree char *large = g_strnfill (1024 * 1024, ' ');
  g_autofree char *good = iss_temp_folder_write (fixture->temp, "jwks.json", jwks, -1);
  g_autofree char *bad = iss_temp_folder_write (fixture->temp, "bad.json", "{\"keys\":", -1);
  g_autofree char *huge = iss_temp_folder_write (fixture->temp, "large.json", large, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *place = g_strdup_printf ("https%s/%s", fixture->uri + strlen ("tls"),
                                                cases[i].path);
      const IssWitnessed *use;

      if (i == 1)
        use_certificate (server, fixture->certificate);

      iss_witness_set_place (iss_server_get_witness (server), "OAuthTokenIssuer", place);
      g_clear_object (&fixture->result);
      iss_server_look_at_use_async (server, NULL, result_cb, fixture);
      iss_wait_until (fixture->result != NULL);
      g_assert_true (iss_server_look_at_use_finish (server, fixture->result, NULL));

      use = iss_witness_get_use (iss_server_get_witness (server), "OAuthTokenIssuer");
      g_test_message ("%s: %s", place, use->failure != NULL ? use->failure : "seen");
      g_assert_cmpint (use->sha256 != NULL, ==, cases[i].failure == NULL);
      if (use->sha256 != NULL)
        g_assert_true (g_bytes_equal (use->sha256,
                                      iss_certificate_get_sha256 (fixture->certificate)));
      else
        g_assert_nonnull (strstr (use->failure, cases[i].failure));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);

  g_test_add_func ("/use-place/parse", test_parse);
  g_test_add ("/use-place/seen", Fixture, NULL, set_up, test_seen, tear_down);
  g_test_add ("/use-place/metadata", Fixture, NULL, set_up, test_metadata, tear_down);
  g_test_add ("/use-place/server", Fixture, NULL, set_up, test_server, tear_down);

  return g_test_run ();
}

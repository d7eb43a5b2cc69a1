/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/central/replication-scene.h"

#include "core/formats/seal.h"

#define NOW ISS_CENTRAL_FIXTURE_NOW
#define POOL ISS_CENTRAL_FIXTURE_POOL
#define STAGED_AT (NOW + 86400)
#define HOST_KEY "ssh-ed25519 SHA256:uNiVztksCsDhcc0u9e8BrrXUVOHL4fBXhJ5FS/sSX0Q"
#define PACKAGE "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/**
 * iss_replication_scene_want:
 * @fixture: a fixture
 * @servers: who gets a package
 * @staged: whether two is to become current after one
 *
 * Decides, as alice.
 */
void
iss_replication_scene_want (IssCentralFixture *fixture,
                            const char *const *servers,
                            gboolean           staged)
{
  g_autoptr(IssWanted) wanted = iss_central_fixture_new_wanted (fixture, 2,
                                                                staged ? STAGED_AT : 0);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; servers[i] != NULL; i++)
    iss_wanted_set_server (wanted, servers[i], PACKAGE);
  iss_central_store_put_wanted (fixture->store, wanted, 0, &error);
  g_assert_no_error (error);
}

/**
 * iss_replication_scene_enroll:
 * @fixture: a fixture
 * @server: the name of a server
 *
 * Writes down that alice has enrolled it.
 */
void
iss_replication_scene_enroll (IssCentralFixture *fixture,
                              const char        *server)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) recipient = iss_seal_make_recipient (&key, NULL);
  g_autoptr(IssEnrolment) enrolment = iss_enrolment_new (POOL, server, "5e1f", recipient, "",
                                                         HOST_KEY, NOW - 3600);
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GError) error = NULL;

  message = iss_enrolment_sign (enrolment, fixture->alice, fixture->alice_key, &error);
  g_assert_no_error (error);
  iss_central_store_put_enrolment (fixture->store, POOL, server, message, &error);
  g_assert_no_error (error);
}

/**
 * iss_replication_scene_report:
 * @fixture: a fixture
 * @server: the name of a server
 * @type: (nullable): what it says of a type, a vardict as GVariant writes it; %NULL: of none
 * @error: (nullable): what went wrong at the last try, a minute later
 */
void
iss_replication_scene_report (IssCentralFixture *fixture,
                              const char        *server,
                              const char        *type,
                              const char        *error)
{
  g_autoptr(IssReplicaReport) report = iss_replica_report_new (server);
  g_autoptr(GError) local_error = NULL;

  report->seen = NOW + 60;
  report->tried = error != NULL ? NOW + 120 : NOW + 60;
  report->error = g_strdup (error);
  report->failures = error != NULL ? 3 : 0;
  report->clock_offset = 0.2;
  report->version = g_strdup ("0.1.0");
  if (type != NULL)
    {
      g_autofree char *text = g_strdup_printf ("{'types': <[%s]>}", type);
      g_autoptr(GVariant) variant =
        g_variant_take_ref (g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL,
                                             &local_error));

      g_assert_no_error (local_error);
      report->state = iss_replica_state_from_variant (variant, &local_error);
      g_assert_no_error (local_error);
    }

  iss_central_store_put_report (fixture->store, POOL, report, &local_error);
  g_assert_no_error (local_error);
}

/**
 * iss_replication_scene_deploy:
 * @fixture: a fixture
 * @server: the name of a server
 * @staged: whether two is staged there
 * @held: whether it waits to be armed
 *
 * Writes down that the server has deployed what is wanted.
 */
void
iss_replication_scene_deploy (IssCentralFixture *fixture,
                              const char        *server,
                              gboolean           staged,
                              gboolean           held)
{
  g_autofree char *next = NULL;
  g_autofree char *type = NULL;

  if (staged)
    next = g_strdup_printf (", 'staged': <'%s'>, 'staged-rung': <uint32 %d>, "
                            "'staged-at': <int64 %d>, 'held': <%s>",
                            iss_certificate_get_sha256_hex (fixture->two), ISS_RUNG_PUBLISHED,
                            STAGED_AT, held ? "true" : "false");
  type = g_strdup_printf ("{'type': <'%s'>, 'revision': <uint64 2>, 'package': <'" PACKAGE "'>, "
                          "'deployed': <true>, 'current': <'%s'>, 'current-rung': <uint32 %d>%s}",
                          fixture->type->name, iss_certificate_get_sha256_hex (fixture->one),
                          ISS_RUNG_PUBLISHED, next != NULL ? next : "");
  iss_replication_scene_report (fixture, server, type, NULL);
}

/**
 * iss_replication_scene_load:
 * @fixture: a fixture
 *
 * Returns: (transfer full): how far fe01, fe02 and fe03 are
 */
IssReplicationTable *
iss_replication_scene_load (IssCentralFixture *fixture)
{
  static const char *const servers[] =
  {
    "fe01.contoso.example", "fe02.contoso.example", "fe03.contoso.example", NULL
  };
  g_autoptr(GError) error = NULL;
  IssReplicationTable *table;

  table = iss_replication_table_load (fixture->store, POOL, servers, &error);
  g_assert_no_error (error);

  return table;
}

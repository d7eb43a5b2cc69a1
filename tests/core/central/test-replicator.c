/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: global-assign, global-keys, global-target, replica-cargo, enroller,
 * replication-service, core/pool/server-enroll. */
#include "core/central/replicator.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/central/central-folder.h"
#include "core/central/central-status.h"
#include "core/central/enroller.h"
#include "core/central/global-assign.h"
#include "core/central/global-keys.h"
#include "core/central/replication-service.h"
#include "core/certificate/maker.h"
#include "tests/core/pool/agents-fixture.h"
#include "tests/lib/wait.h"

#define NOW ISS_AGENTS_FIXTURE_NOW
#define HOUR 3600
#define DAY (24 * HOUR)
#define POOL "pool01.contoso.example"
#define TYPE "OAuthTokenIssuer"

/* A folder in which another administrator decides something just before the next decision. */
struct _Racer
{
  GObject           parent_instance;

  IssCentralEngine *engine;    /* owned */
  GBytes           *rival;     /* owned, (nullable): what that one decides */
};

#define TYPE_RACER (racer_get_type ())
G_DECLARE_FINAL_TYPE (Racer, racer, TEST, RACER, GObject)

static GBytes *
racer_get (IssCentralEngine  *engine,
           const char        *key,
           guint64           *out_revision,
           GError           **error)
{
  return iss_central_engine_get (TEST_RACER (engine)->engine, key, out_revision, error);
}

static gboolean
racer_put_if (IssCentralEngine  *engine,
              const char        *key,
              GBytes            *value,
              guint64            expected,
              guint64           *out_revision,
              GError           **error)
{
  Racer *self = TEST_RACER (engine);
  g_autoptr(GBytes) rival = NULL;

  if (strstr (key, "/wanted/") != NULL)
    rival = g_steal_pointer (&self->rival);
  if (rival != NULL)
    g_assert_true (iss_central_engine_put_if (self->engine, key, rival, expected, NULL, NULL));

  return iss_central_engine_put_if (self->engine, key, value, expected, out_revision, error);
}

static GPtrArray *
racer_list_since (IssCentralEngine  *engine,
                  const char        *prefix,
                  guint64            since,
                  GError           **error)
{
  return iss_central_engine_list_since (TEST_RACER (engine)->engine, prefix, since, error);
}

static void
racer_engine_init (IssCentralEngineInterface *iface)
{
  iface->get = racer_get;
  iface->put_if = racer_put_if;
  iface->list_since = racer_list_since;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Racer, racer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_CENTRAL_ENGINE, racer_engine_init))

static void
racer_finalize (GObject *object)
{
  g_clear_object (&TEST_RACER (object)->engine);
  g_clear_pointer (&TEST_RACER (object)->rival, g_bytes_unref);

  G_OBJECT_CLASS (racer_parent_class)->finalize (object);
}

static void
racer_class_init (RacerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = racer_finalize;
}

static void
racer_init (Racer *self)
{
}

/* Three servers, an administrator, a central store, and two certificates with their keys. */
typedef struct
{
  IssAgentsFixture  agents;
  IssCentralStore  *store;
  IssReplicator    *replicator;
  IssMaker         *maker;
  IssCertificate   *admin;
  IssPrivateKey    *admin_key;
  IssCertificate   *authority;
  IssPrivateKey    *authority_key;
  IssCertificate   *one;
  IssPrivateKey    *one_key;
  IssCertificate   *two;
  IssPrivateKey    *two_key;
  GAsyncResult     *result;
} Fixture;

static IssCertificate *
make (Fixture        *fixture,
      const char     *name,
      gboolean        is_ca,
      IssPrivateKey **out_key)
{
  static const char *const dns_names[] = { "contoso.example", NULL };
  const IssMakerSpec spec =
    {
      .subject_cn = name, .dns_names = is_ca ? NULL : dns_names, .not_before = NOW - DAY,
      .not_after = NOW + 700 * DAY, .rsa_bits = 2048, .is_ca = is_ca, .token_issuer = !is_ca,
      .key_label = name,
    };
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate = iss_maker_make (fixture->maker, &spec, fixture->authority,
                                                fixture->authority_key, out_key, &error);

  g_assert_no_error (error);
  return certificate;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  n_servers)
{
  g_autofree char *central = NULL;
  g_autofree char *pins = NULL;
  g_autoptr(IssCentralFolder) engine = NULL;
  g_autoptr(GError) error = NULL;

  iss_agents_fixture_set_up (&fixture->agents, n_servers);
  central = iss_temp_folder_dup_path (fixture->agents.folder, "central");
  pins = iss_temp_folder_dup_path (fixture->agents.folder, "pins");
  engine = iss_central_folder_new (central, &error);
  g_assert_no_error (error);
  fixture->store = iss_central_store_new (ISS_CENTRAL_ENGINE (engine), pins);
  fixture->replicator = iss_replicator_new (fixture->store, fixture->agents.pool);
  fixture->maker = iss_maker_new ("replicator");
  fixture->admin = make (fixture, "alice", FALSE, &fixture->admin_key);
  fixture->authority = make (fixture, "Root", TRUE, &fixture->authority_key);
  fixture->one = make (fixture, "one", FALSE, &fixture->one_key);
  fixture->two = make (fixture, "two", FALSE, &fixture->two_key);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_clear_object (&fixture->result);
  g_object_unref (fixture->admin);
  g_object_unref (fixture->admin_key);
  g_object_unref (fixture->authority);
  g_object_unref (fixture->authority_key);
  g_object_unref (fixture->one);
  g_object_unref (fixture->one_key);
  g_object_unref (fixture->two);
  g_object_unref (fixture->two_key);
  g_object_unref (fixture->maker);
  g_object_unref (fixture->replicator);
  g_object_unref (fixture->store);
  iss_agents_fixture_tear_down (&fixture->agents, NULL);
}

static void
result_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Fixture *fixture)
{
  iss_wait_until (fixture->result != NULL);

  return fixture->result;
}

static void
enroll (Fixture *fixture,
        guint    index)
{
  g_autoptr(IssEnrolment) enrolment = NULL;
  g_autoptr(GError) error = NULL;

  g_clear_object (&fixture->result);
  iss_enroller_run_async (fixture->store, iss_pool_get_name (fixture->agents.pool),
                          fixture->agents.servers->pdata[index], fixture->admin,
                          fixture->admin_key, NOW, FALSE, NULL, result_cb, fixture);
  enrolment = iss_enroller_run_finish (wait_for (fixture), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (enrolment->server, ==,
                   iss_server_get_name (fixture->agents.servers->pdata[index]));
}

static IssEnrolment *
enroll_again (Fixture   *fixture,
              gboolean   force,
              GError   **error)
{
  g_clear_object (&fixture->result);
  iss_enroller_run_async (fixture->store, POOL, fixture->agents.servers->pdata[0], fixture->admin,
                          fixture->admin_key, NOW + DAY, force ? ISS_ENROLLER_ANY_KEY : NULL, NULL,
                          result_cb, fixture);

  return iss_enroller_run_finish (wait_for (fixture), error);
}

/* Under another host key: said first; then what was sealed to the server before stays good. */
static void
test_other_host_key (Fixture       *fixture,
                     gconstpointer  unused)
{
  const char *name = iss_server_get_name (fixture->agents.servers->pdata[0]);
  g_autoptr(IssEnrolment) first = NULL;
  g_autoptr(IssEnrolment) again = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GBytes) damaged = g_bytes_new_static ("x", 1);
  g_autoptr(GError) error = NULL;

  enroll (fixture, 0);
  first = iss_central_store_get_enrolment (fixture->store, POOL, name, NULL);
  g_free (first->host_key);
  first->host_key = g_strdup ("ssh-ed25519 SHA256:abc");
  message = iss_enrolment_sign (first, fixture->admin, fixture->admin_key, NULL);
  g_assert_true (iss_central_store_put_enrolment (fixture->store, POOL, name, message, NULL));

  g_assert_null (enroll_again (fixture, FALSE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION);
  g_assert_nonnull (strstr (error->message, "on this computer, without ssh; but when"));
  g_assert_nonnull (strstr (error->message, "ssh host key ssh-ed25519 SHA256:abc"));
  g_clear_error (&error);

  again = enroll_again (fixture, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->at, ==, NOW);
  g_assert_cmpstr (again->host_key, !=, first->host_key);

  /* A record that nobody can read does not say that the key is the same. */
  g_assert_true (iss_central_store_put_enrolment (fixture->store, POOL, name, damaged, NULL));
  g_assert_null (enroll_again (fixture, FALSE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION);
}

static IssGlobalOutcome *
assign (Fixture              *fixture,
        const IssTransition  *change,
        IssCertificate       *certificate,
        IssPrivateKey        *key,
        const char *const    *excepted,
        GError              **error)
{
  g_autoptr(GPtrArray) chain = g_ptr_array_new ();
  IssGlobalRequest request =
    {
      .store = fixture->store, .pool = fixture->agents.pool,
      .type = iss_certificate_type_find (TYPE), .signer = fixture->admin,
      .signer_key = fixture->admin_key, .now = NOW, .change = change,
      .certificate = certificate, .chain = chain, .key = key, .excepted = excepted, .force = TRUE,
    };

  g_ptr_array_add (chain, fixture->authority);
  g_clear_object (&fixture->result);
  iss_global_assign_async (&request, NULL, result_cb, fixture);

  return iss_global_assign_finish (wait_for (fixture), error);
}

static IssGlobalOutcome *
assign_well (Fixture             *fixture,
             const IssTransition *change,
             IssCertificate      *certificate,
             IssPrivateKey       *key)
{
  g_autoptr(GError) error = NULL;
  IssGlobalOutcome *outcome = assign (fixture, change, certificate, key, NULL, &error);

  g_assert_no_error (error);
  return outcome;
}

static GPtrArray *
replicate (Fixture            *fixture,
           IssReplicatorFlags  flags)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *reports;

  g_clear_object (&fixture->result);
  iss_replicator_run_async (fixture->replicator, NULL, flags, NULL, result_cb, fixture);
  reports = iss_replicator_run_finish (fixture->replicator, wait_for (fixture), &error);
  g_assert_no_error (error);

  return reports;
}

static const IssReplicaType *
get_type (GPtrArray *reports,
          guint      index)
{
  const IssReplicaReport *report = g_ptr_array_index (reports, index);

  g_assert_cmpstr (report->error, ==, NULL);
  return iss_replica_state_find_type (report->state, iss_certificate_type_find (TYPE));
}

static void
expect (GPtrArray      *reports,
        guint           index,
        IssCertificate *current,
        IssCertificate *staged)
{
  const IssReplicaType *type = get_type (reports, index);

  g_assert_nonnull (type);
  g_assert_cmpstr (type->reason, ==, NULL);
  g_assert_true (type->deployed);
  g_assert_cmpstr (type->slot[ISS_SLOT_CURRENT], ==, iss_certificate_get_sha256_hex (current));
  g_assert_cmpstr (type->slot[ISS_SLOT_STAGED], ==,
                   staged != NULL ? iss_certificate_get_sha256_hex (staged) : NULL);
  g_assert_cmpint (type->rung[ISS_SLOT_CURRENT], ==, ISS_RUNG_PUBLISHED);
}

static void
assert_connected (Fixture  *fixture,
                  gboolean  connected)
{
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (iss_server_is_answering (fixture->agents.servers->pdata[i]), ==, connected);
}

/* Once, on one machine: every server has it, and again changes nothing. */
static void
test_everywhere (Fixture       *fixture,
                 gconstpointer  unused)
{
  const IssTransition set = { .kind = ISS_TRANSITION_SET, .now = NOW };
  g_autoptr(IssGlobalOutcome) outcome = NULL;
  g_autoptr(GPtrArray) reports = NULL;
  g_autoptr(GPtrArray) again = NULL;
  g_autoptr(IssWanted) wanted = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    enroll (fixture, i);
  outcome = assign_well (fixture, &set, fixture->one, fixture->one_key);
  g_assert_cmpuint (outcome->manifest->revision, ==, 1);
  g_assert_cmpuint (g_strv_length (outcome->served), ==, 3);
  g_assert_cmpuint (g_strv_length (outcome->unserved), ==, 0);

  reports = replicate (fixture, ISS_REPLICATOR_NORMAL);
  assert_connected (fixture, TRUE);
  iss_replicator_set_closes (fixture->replicator, TRUE);
  again = replicate (fixture, ISS_REPLICATOR_NORMAL);
  assert_connected (fixture, FALSE);
  wanted = iss_central_store_get_wanted (fixture->store, iss_pool_get_name (fixture->agents.pool),
                                         iss_certificate_type_find (TYPE), NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    {
      expect (reports, i, fixture->one, NULL);
      expect (again, i, fixture->one, NULL);
      g_assert_true (iss_replica_report_is_up_to_date (again->pdata[i], wanted));
    }
}

/* Only what this computer shows: the servers' clocks stand at NOW. */
static void
set_clock (Fixture *fixture,
           gint64   now)
{
  iss_clock_set (iss_pool_get_clock (fixture->agents.pool), now);
}

/* Held until all are ready, and none would roll at another time, as a clock says that was right
 * when the connection was made; what is excepted is not waited for. */
static void
test_arm (Fixture       *fixture,
          gconstpointer  unused)
{
  static const char *const excepted[] = { "dead.contoso.example", NULL };
  const IssTransition set = { .kind = ISS_TRANSITION_SET, .now = NOW };
  const IssTransition stage =
    { .kind = ISS_TRANSITION_STAGE, .now = NOW, .instant = NOW + DAY, .held = TRUE };
  g_autoptr(IssGlobalOutcome) first = NULL;
  g_autoptr(IssGlobalOutcome) staged = NULL;
  g_autoptr(IssGlobalOutcome) without = NULL;
  g_autoptr(GPtrArray) waiting = NULL;
  g_autoptr(GPtrArray) apart = NULL;
  g_autoptr(GPtrArray) armed = NULL;
  g_autoptr(GError) error = NULL;
  const IssReplicaReport *dead;

  for (guint i = 0; i < 2; i++)
    enroll (fixture, i);
  iss_agents_fixture_add_dead (&fixture->agents, "dead.contoso.example");
  first = assign_well (fixture, &set, fixture->one, fixture->one_key);
  g_assert_cmpuint (g_strv_length (first->unserved), ==, 1);
  staged = assign_well (fixture, &stage, fixture->two, fixture->two_key);
  g_assert_cmpuint (staged->manifest->revision, ==, 2);

  waiting = replicate (fixture, ISS_REPLICATOR_NORMAL);
  for (guint i = 0; i < 2; i++)
    {
      expect (waiting, i, fixture->one, fixture->two);
      g_assert_true (get_type (waiting, i)->held);
    }
  dead = g_ptr_array_index (waiting, 2);
  g_assert_nonnull (dead->error);
  g_assert_cmpuint (dead->failures, ==, 1);

  without = assign (fixture, NULL, NULL, NULL, excepted, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (without->manifest->revision, ==, 2);
  set_clock (fixture, NOW + 90);
  apart = replicate (fixture, ISS_REPLICATOR_NORMAL);
  for (guint i = 0; i < 2; i++)
    {
      expect (apart, i, fixture->one, fixture->two);
      g_assert_true (get_type (apart, i)->held);
      g_assert_cmpfloat (((IssReplicaReport *) apart->pdata[i])->clock_offset, ==, -90);
    }

  set_clock (fixture, NOW);
  armed = replicate (fixture, ISS_REPLICATOR_NORMAL);
  for (guint i = 0; i < 2; i++)
    {
      expect (armed, i, fixture->one, fixture->two);
      g_assert_false (get_type (armed, i)->held);
    }
}

static IssGlobalOutcome *
cancel (Fixture  *fixture,
        GError  **error)
{
  const IssTransition change = { .kind = ISS_TRANSITION_CANCEL, .now = NOW };

  return assign (fixture, &change, NULL, NULL, NULL, error);
}

/* What is armed, here in spite of a clock, is held on every server before it goes. */
static void
test_cancel (Fixture       *fixture,
             gconstpointer  unused)
{
  const IssTransition set = { .kind = ISS_TRANSITION_SET, .now = NOW };
  const IssTransition stage =
    { .kind = ISS_TRANSITION_STAGE, .now = NOW, .instant = NOW + DAY, .held = TRUE };
  g_autoptr(IssGlobalOutcome) first = NULL;
  g_autoptr(IssGlobalOutcome) staged = NULL;
  g_autoptr(IssGlobalOutcome) hold = NULL;
  g_autoptr(IssGlobalOutcome) gone = NULL;
  g_autoptr(GPtrArray) before = NULL;
  g_autoptr(GPtrArray) armed = NULL;
  g_autoptr(GPtrArray) held = NULL;
  g_autoptr(GPtrArray) after = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    enroll (fixture, i);
  first = assign_well (fixture, &set, fixture->one, fixture->one_key);
  before = replicate (fixture, ISS_REPLICATOR_NORMAL);
  staged = assign_well (fixture, &stage, fixture->two, fixture->two_key);
  set_clock (fixture, NOW + 90);
  armed = replicate (fixture, ISS_REPLICATOR_ANY_CLOCK);
  g_assert_false (get_type (armed, 0)->held);
  set_clock (fixture, NOW);

  hold = cancel (fixture, &error);
  g_assert_no_error (error);
  g_assert_true (hold->only_holds);
  g_assert_cmpuint (hold->manifest->revision, ==, 3);
  g_assert_null (cancel (fixture, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);

  held = replicate (fixture, ISS_REPLICATOR_NORMAL);
  for (guint i = 0; i < 2; i++)
    {
      expect (held, i, fixture->one, fixture->two);
      g_assert_true (get_type (held, i)->held);
    }

  gone = cancel (fixture, &error);
  g_assert_no_error (error);
  g_assert_false (gone->only_holds);
  after = replicate (fixture, ISS_REPLICATOR_NORMAL);
  for (guint i = 0; i < 2; i++)
    expect (after, i, fixture->one, NULL);
}

static GBytes *
read_wanted (IssCentralEngine *engine,
             guint64          *out_revision)
{
  g_autofree char *key = g_strdup_printf ("pool/%s/wanted/" TYPE, POOL);
  g_autoptr(GError) error = NULL;
  GBytes *bytes = iss_central_engine_get (engine, key, out_revision, &error);

  g_assert_no_error (error);

  return bytes;
}

/* The loser is told who won and what is different, and has changed nothing. */
static void
test_rival (Fixture       *fixture,
            gconstpointer  unused)
{
  const IssTransition set = { .kind = ISS_TRANSITION_SET, .now = NOW };
  const IssTransition stage =
    { .kind = ISS_TRANSITION_STAGE, .now = NOW, .instant = NOW + DAY, .held = TRUE };
  g_autoptr(Racer) racer = g_object_new (TYPE_RACER, NULL);
  g_autofree char *key = g_strdup_printf ("pool/%s/wanted/" TYPE, POOL);
  g_autofree char *pins = iss_temp_folder_dup_path (fixture->agents.folder, "pins");
  g_autoptr(IssGlobalOutcome) first = NULL;
  g_autoptr(IssGlobalOutcome) rival = NULL;
  g_autoptr(IssWanted) after = NULL;
  g_autoptr(GBytes) before = NULL;
  g_autoptr(GError) error = NULL;
  guint64 revision;

  enroll (fixture, 0);
  racer->engine = g_object_ref (iss_central_store_get_engine (fixture->store));
  first = assign_well (fixture, &set, fixture->one, fixture->one_key);
  before = read_wanted (racer->engine, NULL);
  rival = assign_well (fixture, &stage, fixture->two, fixture->two_key);
  racer->rival = read_wanted (racer->engine, &revision);
  g_assert_true (iss_central_engine_put_if (racer->engine, key, before, revision, NULL, &error));

  g_object_unref (fixture->store);
  fixture->store = iss_central_store_new (ISS_CENTRAL_ENGINE (racer), pins);
  g_assert_null (assign (fixture, &set, fixture->two, fixture->two_key, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_CHANGED);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "“alice” was faster, with revision 2"));
  g_assert_nonnull (strstr (error->message, "is “one”, and would be “two”"));

  after = iss_central_store_get_wanted (fixture->store, POOL,
                                        iss_certificate_type_find (TYPE), NULL, NULL);
  g_assert_nonnull (iss_wanted_get_manifest (after)->slot[ISS_SLOT_STAGED]);
}

/* Enrolled after it was decided: another server seals the keys to it. */
static void
test_late (Fixture       *fixture,
           gconstpointer  unused)
{
  const IssTransition set = { .kind = ISS_TRANSITION_SET, .now = NOW };
  g_autoptr(IssGlobalOutcome) first = NULL;
  g_autoptr(IssGlobalOutcome) more = NULL;
  g_autoptr(GPtrArray) before = NULL;
  g_autoptr(GPtrArray) after = NULL;

  enroll (fixture, 0);
  first = assign_well (fixture, &set, fixture->one, fixture->one_key);
  g_assert_cmpuint (g_strv_length (first->unserved), ==, 2);
  before = replicate (fixture, ISS_REPLICATOR_NORMAL);
  expect (before, 0, fixture->one, NULL);
  g_assert_null (get_type (before, 1));

  for (guint i = 1; i < 3; i++)
    enroll (fixture, i);
  more = assign_well (fixture, NULL, NULL, NULL);
  g_assert_cmpuint (more->manifest->revision, ==, 1);
  g_assert_cmpuint (g_strv_length (more->served), ==, 3);
  after = replicate (fixture, ISS_REPLICATOR_NORMAL);
  for (guint i = 0; i < 3; i++)
    expect (after, i, fixture->one, NULL);
}

/* Who is just to be asked for a key leaves the pool: the next one is asked. */
static void
test_holder_removed (Fixture       *fixture,
                     gconstpointer  unused)
{
  const IssTransition set = { .kind = ISS_TRANSITION_SET, .now = NOW };
  g_autoptr(IssGlobalOutcome) outcome = NULL;
  g_autoptr(GPtrArray) reports = NULL;
  g_autoptr(GPtrArray) targets =
    g_ptr_array_new_with_free_func ((GDestroyNotify) iss_global_target_free);
  g_autoptr(IssWanted) present = NULL;
  g_autoptr(GError) error = NULL;
  IssGlobalKeys keys =
    {
      .pool = fixture->agents.pool, .targets = targets, .signer = fixture->admin,
      .signer_key = fixture->admin_key, .now = NOW,
    };

  for (guint i = 0; i < 2; i++)
    enroll (fixture, i);
  outcome = assign_well (fixture, &set, fixture->one, fixture->one_key);
  reports = replicate (fixture, ISS_REPLICATOR_NORMAL);
  enroll (fixture, 2);

  present = iss_central_store_get_wanted (fixture->store, POOL, iss_certificate_type_find (TYPE),
                                          NULL, NULL);
  keys.manifest = iss_wanted_get_manifest (present);
  for (guint i = 0; i < 3; i++)
    {
      const char *name = iss_server_get_name (fixture->agents.servers->pdata[i]);

      g_ptr_array_add (targets, iss_global_target_load (fixture->store, keys.manifest, present,
                                                        name, NULL));
    }
  g_clear_object (&fixture->result);
  iss_global_keys_collect_async (&keys, NULL, result_cb, fixture);
  iss_pool_remove_server (fixture->agents.pool, fixture->agents.servers->pdata[0]);
  g_assert_true (iss_global_keys_collect_finish (wait_for (fixture), &error));
  g_assert_no_error (error);
  g_assert_null (((IssGlobalTarget *) targets->pdata[2])->trouble);
  g_assert_nonnull (((IssGlobalTarget *) targets->pdata[2])->sealed[ISS_SLOT_CURRENT]);
}

/* The second certificate's key is here, the first one's only with the servers. */
static void
test_next_revision (Fixture       *fixture,
                    gconstpointer  unused)
{
  const IssTransition set = { .kind = ISS_TRANSITION_SET, .now = NOW };
  const IssTransition stage =
    { .kind = ISS_TRANSITION_STAGE, .now = NOW, .instant = NOW + DAY, .held = FALSE };
  g_autoptr(IssGlobalOutcome) first = NULL;
  g_autoptr(IssGlobalOutcome) second = NULL;
  g_autoptr(GPtrArray) reports = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    enroll (fixture, i);
  first = assign_well (fixture, &set, fixture->one, fixture->one_key);

  /* Nobody has it. */
  g_assert_null (assign (fixture, &set, fixture->two, NULL, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_test_message ("%s", error->message);

  second = assign_well (fixture, &stage, fixture->two, fixture->two_key);
  reports = replicate (fixture, ISS_REPLICATOR_NORMAL);
  for (guint i = 0; i < 3; i++)
    {
      expect (reports, i, fixture->one, fixture->two);
      g_assert_false (get_type (reports, i)->held);
    }
}

static void
ended_cb (IssReplicationService *service,
          guint                 *n_ended)
{
  if (!iss_replication_service_is_running (service))
    (*n_ended)++;
}

/* It begins by itself, and whenever something is decided; its own notes wake nobody. */
static void
test_service (Fixture       *fixture,
              gconstpointer  unused)
{
  const IssTransition set = { .kind = ISS_TRANSITION_SET, .now = NOW };
  static const char *const none[] = { NULL };
  g_autoptr(IssReplicationService) service = NULL;
  g_autoptr(IssCentralStatus) status = NULL;
  g_autoptr(IssGlobalOutcome) outcome = NULL;
  guint n_ended = 0;

  for (guint i = 0; i < 2; i++)
    enroll (fixture, i);
  service = iss_replication_service_new (fixture->store, fixture->agents.pool);
  g_signal_connect (service, "changed", G_CALLBACK (ended_cb), &n_ended);
  iss_replication_service_start (service);
  g_assert_true (iss_replication_service_is_running (service));
  iss_wait_until (n_ended == 1);
  g_assert_null (iss_replication_service_get_error (service));
  status = iss_central_status_load (fixture->store, POOL, none, NULL);
  g_assert_cmpint (status->since, ==, NOW);
  g_assert_null (get_type (iss_replication_service_get_reports (service), 0));

  outcome = assign_well (fixture, &set, fixture->one, fixture->one_key);
  iss_wait_until (n_ended == 2);
  for (guint i = 0; i < 2; i++)
    expect (iss_replication_service_get_reports (service), i, fixture->one, NULL);

  /* Asked twice while it runs is once more. */
  iss_replication_service_run (service, ISS_REPLICATOR_NORMAL);
  iss_replication_service_run (service, ISS_REPLICATOR_FORCE);
  iss_replication_service_run (service, ISS_REPLICATOR_NORMAL);
  iss_wait_until (n_ended == 3);
  g_assert_false (iss_replication_service_is_running (service));

  /* Cut off in the middle. */
  iss_replication_service_run (service, ISS_REPLICATOR_NORMAL);
  iss_replication_service_stop (service);
  iss_wait_until (!iss_replication_service_is_running (service));
  g_signal_handlers_disconnect_by_data (service, &n_ended);
  g_assert_cmpuint (n_ended, ==, 3);
}

static void
step_cb (Fixture *fixture)
{
  set_clock (fixture, NOW + 100);
}

static gint64
get_heartbeat (Fixture *fixture)
{
  static const char *const none[] = { NULL };
  g_autoptr(IssCentralStatus) status = iss_central_status_load (fixture->store, POOL, none, NULL);

  return status->heartbeat;
}

/* Half of a pass is over, and a server does not answer yet: it is said that somebody replicates. */
static void
test_heartbeat (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autofree char *gate = iss_temp_folder_dup_path (fixture->agents.folder, "gate");
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\nread line < '%s'\n"
                                           "exec '%s/app/agent/issuant-agent' \"$@\"\n", gate,
                                           g_getenv ("ISS_TEST_BUILD"));
  g_autofree char *slow = iss_temp_folder_write (fixture->agents.folder, "slow-agent", text, -1);
  g_autofree char *uri = g_strdup_printf ("local://%s/slow",
                                          iss_temp_folder_get_path (fixture->agents.folder));
  g_autoptr(IssLaunch) launch = iss_launch_new (slow);
  g_autoptr(IssConnectionAddress) address = iss_connection_address_parse (uri, NULL);
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  g_autoptr(GPtrArray) reports = NULL;
  g_autoptr(IssServer) server = NULL;
  g_autoptr(GError) error = NULL;
  int descriptor;

  g_assert_cmpint (g_chmod (slow, 0700), ==, 0);
  g_assert_cmpint (mkfifo (gate, 0600), ==, 0);
  descriptor = open (gate, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (descriptor, >=, 0);
  launch->at = NOW;
  server = iss_server_new ("slow.contoso.example", address, launch,
                           iss_pool_get_clock (fixture->agents.pool));
  g_ptr_array_add (servers, fixture->agents.servers->pdata[0]);
  g_ptr_array_add (servers, server);
  g_signal_connect_swapped (servers->pdata[0], "changed", G_CALLBACK (step_cb), fixture);

  iss_replicator_set_resident (fixture->replicator, TRUE);
  iss_replicator_run_async (fixture->replicator, servers, ISS_REPLICATOR_NORMAL, NULL, result_cb,
                            fixture);
  iss_wait_until (get_heartbeat (fixture) == NOW + 100);
  g_assert_null (fixture->result);

  g_assert_cmpint (write (descriptor, "\n", 1), ==, 1);
  reports = iss_replicator_run_finish (fixture->replicator, wait_for (fixture), &error);
  g_assert_no_error (error);
  g_assert_cmpint (((IssReplicaReport *) reports->pdata[1])->seen, ==, NOW);
  g_signal_handlers_disconnect_by_data (servers->pdata[0], fixture);
  iss_server_disconnect (server);
  iss_wait_for_idle ();
  close (descriptor);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/replicator/everywhere", Fixture, GUINT_TO_POINTER (3), set_up, test_everywhere,
              tear_down);
  g_test_add ("/replicator/arm", Fixture, GUINT_TO_POINTER (2), set_up, test_arm, tear_down);
  g_test_add ("/replicator/cancel", Fixture, GUINT_TO_POINTER (2), set_up, test_cancel, tear_down);
  g_test_add ("/replicator/rival", Fixture, GUINT_TO_POINTER (1), set_up, test_rival, tear_down);
  g_test_add ("/replicator/late", Fixture, GUINT_TO_POINTER (3), set_up, test_late, tear_down);
  g_test_add ("/replicator/holder-removed", Fixture, GUINT_TO_POINTER (3), set_up,
              test_holder_removed, tear_down);
  g_test_add ("/replicator/next-revision", Fixture, GUINT_TO_POINTER (3), set_up,
              test_next_revision, tear_down);
  g_test_add ("/replicator/other-host-key", Fixture, GUINT_TO_POINTER (1), set_up,
              test_other_host_key, tear_down);
  g_test_add ("/replicator/heartbeat", Fixture, GUINT_TO_POINTER (1), set_up, test_heartbeat,
              tear_down);
  g_test_add ("/replicator/service", Fixture, GUINT_TO_POINTER (2), set_up, test_service,
              tear_down);

  return g_test_run ();
}

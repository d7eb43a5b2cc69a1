/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random rolls of a pool of servers by stage, then arm: packages late, out of order, twice,
 * replayed and accepted without being acted upon, statements that reach one server and not the
 * other, clocks that are apart. After every step: no server signs with a certificate that another
 * one does not know. At the end, all converge.
 *
 * ISS_MODEL_STEPS=10000 ISS_MODEL_SEED=7 in the environment is the long form. */
#include "core/agent/replica-state.h"
#include "core/central/global-plan.h"
#include "core/replication/arming.h"
#include "core/replication/deployment.h"
#include "core/replication/scheduler.h"
#include "tests/lib/server-folder.h"

#define N_SERVERS 5
#define N_CERTIFICATES 4
#define STEPS 600
#define NOW ISS_SERVER_FOLDER_NOW
#define POOL "pool01.contoso.example"
#define LIFETIME (25 * 3600)
#define MOST_SKEW 30

typedef struct
{
  IssServerFolder *folder;
  IssReplica      *replica;    /* as it was enrolled */
  gint64           skew;
} Server;

typedef struct
{
  guint   server;
  GBytes *bytes;
} Delivery;

typedef struct
{
  GRand                    *random;
  const IssCertificateType *type;
  Server                    servers[N_SERVERS];
  IssCertificate           *certificates[N_CERTIFICATES];
  IssPrivateKey            *keys[N_CERTIFICATES];
  IssCertificate           *admin;
  IssPrivateKey            *admin_key;
  GPtrArray                *administrators;
  GArray                   *deliveries;          /* Delivery: everything that was ever composed */
  GBytes                   *latest[N_SERVERS];
  IssWanted                *wanted;
  gint64                    now;
  guint                     n_rolls;
} Model;

static void
delivery_clear (gpointer data)
{
  g_bytes_unref (((Delivery *) data)->bytes);
}

static void
enroll (Model  *model,
        Server *server)
{
  g_autoptr(IssAdministrators) set = iss_administrators_new (POOL, 1, model->administrators);
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GError) error = NULL;

  message = iss_administrators_sign (set, model->admin, model->admin_key, NOW, &error);
  server->replica = iss_replica_load (server->folder->root, &error);
  g_assert_no_error (error);
  g_assert_true (iss_replica_enroll (server->replica, &error));
  g_assert_true (iss_replica_pin (server->replica, message, &error));
  g_assert_no_error (error);
}

static IssPrivateKey *
find_key (Model          *model,
          IssCertificate *certificate)
{
  for (guint i = 0; i < N_CERTIFICATES; i++)
    if (g_bytes_equal (iss_certificate_get_sha256 (model->certificates[i]),
                       iss_certificate_get_sha256 (certificate)))
      return model->keys[i];

  g_assert_not_reached ();
}

static GBytes *
compose (Model             *model,
         const IssManifest *manifest,
         Server            *server)
{
  g_autoptr(IssManifest) own = iss_manifest_copy (manifest);
  GBytes *sealed[ISS_N_SLOTS] = { NULL };
  g_autoptr(GError) error = NULL;
  GBytes *package;

  g_free (own->server);
  own->server = g_strdup (iss_root_folder_get_server_id (server->folder->root));
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    if (iss_manifest_needs_key (own, (IssSlot) i))
      sealed[i] = iss_package_seal_key (find_key (model, own->slot[i]),
                                        iss_replica_get_certificate (server->replica), &error);
  package = iss_package_compose (own, sealed, model->admin, model->admin_key, model->now, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    g_clear_pointer (&sealed[i], g_bytes_unref);

  return package;
}

/* What the central store does with a decision. */
static void
decide (Model               *model,
        const IssTransition *change,
        IssCertificate      *certificate)
{
  GBytes *const none[ISS_N_SLOTS] = { NULL };
  g_autoptr(IssManifest) manifest = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) arming = NULL;
  g_autoptr(IssPackage) copy = NULL;
  g_autoptr(GError) error = NULL;

  manifest = iss_global_plan_make (model->wanted, POOL, model->type, change, certificate, NULL,
                                   TRUE, &error);
  g_assert_no_error (error);
  if (manifest->held)
    arming = iss_arming_sign (manifest, model->admin, model->admin_key, model->now, &error);
  bytes = iss_package_compose (manifest, none, model->admin, model->admin_key, model->now, &error);
  copy = iss_package_verify (bytes, model->administrators, &error);
  g_assert_no_error (error);

  g_clear_pointer (&model->wanted, iss_wanted_free);
  model->wanted = iss_wanted_new (copy, arming, NULL);
  for (guint i = 0; i < N_SERVERS; i++)
    {
      Delivery delivery = { i, compose (model, manifest, &model->servers[i]) };

      g_clear_pointer (&model->latest[i], g_bytes_unref);
      model->latest[i] = g_bytes_ref (delivery.bytes);
      g_array_append_val (model->deliveries, delivery);
    }
}

static gint64
get_time (Model *model,
          guint  server)
{
  return model->now + model->servers[server].skew;
}

/* A refusal is an answer, too. */
static void
deliver (Model    *model,
         guint     index,
         GBytes   *package,
         gboolean  acts)
{
  IssRootFolder *root = model->servers[index].folder->root;
  IssDelivery delivery;

  if (iss_deployment_accept (root, package, model->type, "model", get_time (model, index),
                             &delivery, NULL) && acts)
    iss_scheduler_run_deployment (root, model->type, "model", get_time (model, index), NULL);
}

static void
run_tasks (Model *model,
           guint  index)
{
  IssRootFolder *root = model->servers[index].folder->root;
  IssSchedulerOutcome outcome;
  g_autoptr(GError) error = NULL;

  iss_scheduler_run_due (root, "model", get_time (model, index), 0, &outcome, &error);
  g_assert_no_error (error);
}

static gboolean
is_ready (Model *model,
          guint  index)
{
  const IssManifest *manifest = iss_wanted_get_manifest (model->wanted);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssReplicaState) state =
    iss_replica_state_make (model->servers[index].folder->root, get_time (model, index), &error);
  const IssReplicaType *type;

  g_assert_no_error (error);
  type = iss_replica_state_find_type (state, model->type);

  return type != NULL && type->revision == manifest->revision &&
         manifest->slot[ISS_SLOT_STAGED] != NULL &&
         g_strcmp0 (type->slot[ISS_SLOT_STAGED],
                    iss_certificate_get_sha256_hex (manifest->slot[ISS_SLOT_STAGED])) == 0 &&
         type->rung[ISS_SLOT_STAGED] >= ISS_RUNG_PUBLISHED;
}

static void
let_out (Model *model)
{
  if (model->wanted->arming == NULL || model->wanted->armed_at != 0)
    return;

  for (guint i = 0; i < N_SERVERS; i++)
    if (!is_ready (model, i))
      return;

  model->wanted->armed_at = model->now;
}

static void
arm (Model *model,
     guint  index)
{
  if (model->wanted->armed_at != 0)
    iss_deployment_arm (model->servers[index].folder->root, model->wanted->arming, model->type,
                        "model", get_time (model, index), NULL);
}

/* (nullable), good as long as @assignments */
static const IssAssignment *
get_assignment (Model           *model,
                guint            index,
                IssAssignments **out_assignments)
{
  g_autoptr(GError) error = NULL;

  *out_assignments = iss_assignments_load (model->servers[index].folder->root, &error);
  g_assert_no_error (error);

  return iss_assignments_find (*out_assignments, model->type);
}

static gboolean
knows (const IssAssignment *assignment,
       const char          *hex)
{
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    if (g_strcmp0 (assignment->slot[i], hex) == 0)
      return TRUE;

  return FALSE;
}

static void
check (Model *model)
{
  for (guint i = 0; i < N_SERVERS; i++)
    {
      g_autoptr(IssAssignments) signers = NULL;
      const IssAssignment *signer = get_assignment (model, i, &signers);

      g_assert_nonnull (signer);
      for (guint k = 0; k < N_SERVERS; k++)
        {
          g_autoptr(IssAssignments) others = NULL;
          const IssAssignment *other = get_assignment (model, k, &others);

          if (!knows (other, signer->slot[ISS_SLOT_CURRENT]))
            g_error ("fe%02u signs with %s, which fe%02u does not know", i + 1,
                     signer->slot[ISS_SLOT_CURRENT], k + 1);
        }
    }
}

/* Nobody decides the next roll before every server has made this one. */
static gboolean
has_settled (Model *model)
{
  const IssManifest *manifest = iss_wanted_get_manifest (model->wanted);
  g_autoptr(IssAssignment) wanted = NULL;

  if (manifest->slot[ISS_SLOT_STAGED] != NULL &&
      !iss_wanted_has_rolled (model->wanted, model->now - MOST_SKEW))
    return FALSE;

  wanted = iss_global_plan_dup_present (model->wanted, model->type, model->now);
  for (guint i = 0; i < N_SERVERS; i++)
    {
      g_autoptr(IssAssignments) assignments = NULL;
      const IssAssignment *assignment = get_assignment (model, i, &assignments);

      if (g_strcmp0 (assignment->slot[ISS_SLOT_CURRENT], wanted->slot[ISS_SLOT_CURRENT]) != 0)
        return FALSE;
    }

  return TRUE;
}

static void
stage_next (Model *model)
{
  const IssTransition stage =
    {
      .kind = ISS_TRANSITION_STAGE, .now = model->now,
      .instant = model->now + g_rand_int_range (model->random, 1, 200), .held = TRUE,
    };

  if (!has_settled (model))
    return;

  model->n_rolls++;
  decide (model, &stage, model->certificates[model->n_rolls % N_CERTIFICATES]);
}

static void
step (Model *model)
{
  const guint index = (guint) g_rand_int_range (model->random, 0, N_SERVERS);
  const Delivery *any = &g_array_index (model->deliveries, Delivery,
                                        g_rand_int_range (model->random, 0,
                                                          (gint) model->deliveries->len));

  switch (g_rand_int_range (model->random, 0, 9))
    {
    case 0:
      stage_next (model);
      break;
    case 1:
    case 2:
      deliver (model, index, model->latest[index], TRUE);
      break;
    case 3:
      deliver (model, index, model->latest[index], FALSE);
      break;
    case 4:
      deliver (model, index, any->bytes, TRUE);
      break;
    case 5:
      let_out (model);
      break;
    case 6:
      arm (model, index);
      break;
    case 7:
      model->now += g_rand_int_range (model->random, 1, 100);
      run_tasks (model, index);
      break;
    default:
      iss_deployment_run (model->servers[index].folder->root, model->type, "model",
                          get_time (model, index), NULL);
      break;
    }
}

/* The faults stop. */
static void
converge (Model *model)
{
  g_autoptr(IssAssignment) wanted = NULL;

  for (guint i = 0; i < N_SERVERS; i++)
    {
      deliver (model, i, model->latest[i], TRUE);
      check (model);
    }
  let_out (model);
  for (guint i = 0; i < N_SERVERS; i++)
    {
      arm (model, i);
      check (model);
    }
  model->now += LIFETIME;
  for (guint i = 0; i < N_SERVERS; i++)
    {
      run_tasks (model, i);
      check (model);
    }

  wanted = iss_global_plan_dup_present (model->wanted, model->type, model->now);
  for (guint i = 0; i < N_SERVERS; i++)
    {
      g_autoptr(IssAssignments) assignments = NULL;
      const IssAssignment *assignment = get_assignment (model, i, &assignments);

      for (guint k = 0; k < ISS_N_SLOTS; k++)
        g_assert_cmpstr (assignment->slot[k], ==, wanted->slot[k]);
      g_assert_cmpstr (assignment->scope, ==, "global");
    }
}

static void
set_up (Model *model)
{
  static const char *const names[N_CERTIFICATES] = { "one", "two", "three", "four" };
  const IssTransition set = { .kind = ISS_TRANSITION_SET, .now = NOW };

  model->type = iss_certificate_type_find ("OAuthTokenIssuer");
  model->now = NOW;
  model->administrators = g_ptr_array_new ();
  model->deliveries = g_array_new (FALSE, FALSE, sizeof (Delivery));
  g_array_set_clear_func (model->deliveries, delivery_clear);
  for (guint i = 0; i < N_SERVERS; i++)
    {
      model->servers[i].folder = iss_server_folder_new ();
      model->servers[i].skew = g_rand_int_range (model->random, -MOST_SKEW, MOST_SKEW + 1);
    }

  model->admin = iss_server_folder_make (model->servers[0].folder, "alice", NULL,
                                         &model->admin_key);
  g_ptr_array_add (model->administrators, model->admin);
  for (guint i = 0; i < N_CERTIFICATES; i++)
    model->certificates[i] = iss_server_folder_make (model->servers[0].folder, names[i],
                                                     "contoso.example", &model->keys[i]);
  for (guint i = 0; i < N_SERVERS; i++)
    enroll (model, &model->servers[i]);

  decide (model, &set, model->certificates[0]);
  for (guint i = 0; i < N_SERVERS; i++)
    deliver (model, i, model->latest[i], TRUE);
  check (model);
}

static void
tear_down (Model *model)
{
  g_array_unref (model->deliveries);
  iss_wanted_free (model->wanted);
  for (guint i = 0; i < N_CERTIFICATES; i++)
    {
      g_object_unref (model->certificates[i]);
      g_object_unref (model->keys[i]);
    }
  for (guint i = 0; i < N_SERVERS; i++)
    {
      g_bytes_unref (model->latest[i]);
      g_object_unref (model->servers[i].replica);
      iss_server_folder_free (model->servers[i].folder);
    }
  g_object_unref (model->admin);
  g_object_unref (model->admin_key);
  g_ptr_array_unref (model->administrators);
  g_rand_free (model->random);
}

static guint
get_number (const char *name,
            guint       otherwise)
{
  const char *text = g_getenv (name);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static void
test_model (void)
{
  const guint seed = get_number ("ISS_MODEL_SEED", 1);
  const guint n_steps = get_number ("ISS_MODEL_STEPS", STEPS);
  Model model = { .random = g_rand_new_with_seed (seed) };

  g_test_message ("seed %u, %u steps", seed, n_steps);
  set_up (&model);
  for (guint i = 0; i < n_steps; i++)
    {
      step (&model);
      check (&model);
    }
  converge (&model);
  g_test_message ("%u rolls", model.n_rolls);
  g_assert_cmpuint (model.n_rolls, >, 0);
  tear_down (&model);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/rolls", test_model);

  return g_test_run ();
}

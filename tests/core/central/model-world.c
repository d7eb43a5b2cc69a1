/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/central/model-world.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "core/assignment/publication.h"
#include "core/base/error.h"
#include "core/central/central-folder.h"
#include "core/central/global-gate.h"
#include "core/central/global-plan.h"
#include "core/replication/arming.h"
#include "core/replication/scheduler.h"
#include "core/store/certificate-store.h"
#include "tests/core/replication/disk-trouble.h"

#define WHO "model"
#define MOST_SKEW 30

/* More than an operation makes, so that some are not cut off. */
#define MOST_CHANGES 90

typedef struct
{
  IssModelWorld        *world;
  guint                 server;

  const IssModelMessage *message;       /* to deliver */

  const IssTransition  *change;         /* to decide */
  IssCertificate       *certificate;
  gboolean              is_overtaken;
  gboolean              is_decided;

  IssReplicaReport     *report;         /* to put */
  gboolean              is_put;
} Operation;

static void
message_clear (gpointer data)
{
  g_bytes_unref (((IssModelMessage *) data)->bytes);
}

/**
 * iss_model_world_pick:
 * @self: a world
 * @n: how many there are
 *
 * Returns: one of them
 */
guint
iss_model_world_pick (IssModelWorld *self,
                      guint          n)
{
  return (guint) g_rand_int_range (self->random, 0, (gint) n);
}

/**
 * iss_model_world_is_chance:
 * @self: a world
 * @percent: how often
 *
 * Returns: whether it happens this time
 */
gboolean
iss_model_world_is_chance (IssModelWorld *self,
                           guint          percent)
{
  return iss_model_world_pick (self, 100) < percent;
}

/**
 * iss_model_world_pick_trouble:
 * @self: a world
 *
 * Returns: what happens to the next operation: mostly nothing
 */
IssModelTrouble
iss_model_world_pick_trouble (IssModelWorld *self)
{
  const guint n = iss_model_world_pick (self, 100);

  if (n < 8)
    return ISS_MODEL_TROUBLE_KILL;

  return n < 14 ? ISS_MODEL_TROUBLE_FULL : ISS_MODEL_TROUBLE_NONE;
}

static gint64
get_time (IssModelWorld *self,
          guint          server)
{
  return self->now + self->servers[server].skew;
}

/* Like an agent that starts: what others have left is swept away, what is published is made to
 * agree with what is assigned. */
static void
open_root (IssModelWorld  *self,
           IssModelServer *server)
{
  g_autofree char *path = iss_temp_folder_dup_path (self->folder, server->name);
  g_autofree char *no_bundle = g_build_filename (path, "no-such-bundle.crt", NULL);
  g_autoptr(GError) error = NULL;

  server->is_touched = TRUE;
  g_clear_object (&server->root);
  server->root = iss_root_folder_open (path, TRUE, &error);
  g_assert_no_error (error);
  iss_root_folder_set_system_bundle (server->root, no_bundle);
}

/**
 * iss_model_world_restart:
 * @self: a world
 * @server: whose agent starts anew
 */
void
iss_model_world_restart (IssModelWorld *self,
                         guint          server)
{
  g_autofree char *path = NULL;

  if (self->bug == ISS_MODEL_BUG_FORGETS)
    {
      path = g_build_filename (iss_root_folder_get_path (self->servers[server].root), "replica",
                               "accepted.conf", NULL);
      unlink (path);
    }

  open_root (self, &self->servers[server]);
  iss_publication_reconcile (self->servers[server].root, get_time (self, server), NULL);
}

/* On a server, or the administrator's own disk: then @server is that of nobody. */
static void
perform (IssModelWorld      *self,
         guint               server,
         IssModelTrouble     trouble,
         IssDiskTroubleFunc  func,
         Operation          *operation)
{
  const int n = (int) iss_model_world_pick (self, MOST_CHANGES) + 1;

  if (server < ISS_MODEL_SERVERS)
    self->servers[server].is_touched = TRUE;

  if (trouble == ISS_MODEL_TROUBLE_NONE)
    {
      func (operation);
      return;
    }

  if (trouble == ISS_MODEL_TROUBLE_FULL)
    {
      self->n_full++;
      iss_disk_trouble_full_at (n / 3 + 1);
      func (operation);
      iss_disk_trouble_full_at (0);
      return;
    }

  if (iss_disk_trouble_run_killed (n, func, operation))
    self->n_killed++;
  if (server < ISS_MODEL_SERVERS)
    iss_model_world_restart (self, server);
}

/* A refusal is an answer, too. */
static void
deliver_func (gpointer data)
{
  Operation *operation = data;
  IssModelWorld *self = operation->world;
  IssRootFolder *root = self->servers[operation->server].root;
  const gint64 now = get_time (self, operation->server);
  IssDelivery delivery;

  if (operation->message->arms)
    iss_deployment_arm (root, operation->message->bytes, self->type, WHO, now, NULL);
  else if (iss_deployment_accept (root, operation->message->bytes, self->type, WHO, now,
                                  &delivery, NULL))
    iss_scheduler_run_deployment (root, self->type, WHO, now, NULL);
}

/**
 * iss_model_world_deliver:
 * @self: a world
 * @message: what was sent, perhaps to another server, perhaps long ago
 * @server: where it arrives
 * @trouble: what happens there
 */
void
iss_model_world_deliver (IssModelWorld         *self,
                         const IssModelMessage *message,
                         guint                  server,
                         IssModelTrouble        trouble)
{
  Operation operation = { .world = self, .server = server, .message = message };

  perform (self, server, trouble, deliver_func, &operation);
}

static void
run_tasks_func (gpointer data)
{
  Operation *operation = data;
  IssModelWorld *self = operation->world;
  IssSchedulerOutcome outcome;

  iss_scheduler_run_due (self->servers[operation->server].root, WHO,
                         get_time (self, operation->server), 0, &outcome, NULL);
}

/**
 * iss_model_world_run_tasks:
 * @self: a world
 * @server: whose tasks, if they are due by its own clock
 * @trouble: what happens there
 */
void
iss_model_world_run_tasks (IssModelWorld   *self,
                           guint            server,
                           IssModelTrouble  trouble)
{
  Operation operation = { .world = self, .server = server };

  perform (self, server, trouble, run_tasks_func, &operation);
}

/**
 * iss_model_world_get_wanted:
 * @self: a world
 *
 * Returns: (transfer full): what is decided
 */
IssWanted *
iss_model_world_get_wanted (IssModelWorld *self)
{
  g_autoptr(GError) error = NULL;
  IssWanted *wanted = iss_central_store_get_wanted (self->store, ISS_MODEL_POOL, self->type, NULL,
                                                    &error);

  g_assert_no_error (error);

  return wanted;
}

static IssPrivateKey *
find_key (IssModelWorld  *self,
          IssCertificate *certificate)
{
  for (guint i = 0; i < ISS_MODEL_CERTIFICATES; i++)
    if (g_bytes_equal (iss_certificate_get_sha256 (self->certificates[i]),
                       iss_certificate_get_sha256 (certificate)))
      return self->keys[i];

  g_assert_not_reached ();
}

static GBytes *
compose (IssModelWorld     *self,
         const IssManifest *manifest,
         IssModelServer    *server)
{
  g_autoptr(IssManifest) own = iss_manifest_copy (manifest);
  GBytes *sealed[ISS_N_SLOTS] = { NULL };
  g_autoptr(GError) error = NULL;
  GBytes *package;

  g_free (own->server);
  own->server = g_strdup (iss_root_folder_get_server_id (server->root));
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    if (iss_manifest_needs_key (own, (IssSlot) i))
      sealed[i] = iss_package_seal_key (find_key (self, own->slot[i]), server->recipient, &error);
  package = iss_package_compose (own, sealed, self->admin, self->admin_key, self->now, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    g_clear_pointer (&sealed[i], g_bytes_unref);

  return package;
}

static GPtrArray *
load_reports (IssModelWorld *self)
{
  GPtrArray *reports = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_replica_report_free);

  for (guint i = 0; i < ISS_MODEL_SERVERS; i++)
    {
      IssReplicaReport *report = iss_central_store_get_report (self->store, ISS_MODEL_POOL,
                                                               self->servers[i].name, NULL);

      g_ptr_array_add (reports, report != NULL ? report
                                               : iss_replica_report_new (self->servers[i].name));
    }

  return reports;
}

static IssManifest *
plan (IssModelWorld   *self,
      const Operation *operation,
      IssWanted       *present,
      gboolean        *out_only_holds)
{
  g_autoptr(GPtrArray) reports = load_reports (self);
  g_autoptr(IssManifest) manifest = NULL;

  manifest = iss_global_plan_make (present, ISS_MODEL_POOL, self->type, operation->change,
                                   operation->certificate, NULL, TRUE, NULL);
  if (manifest == NULL ||
      (self->bug != ISS_MODEL_BUG_CANCELS_AT_ONCE &&
       !iss_global_gate_pass (present, operation->change, reports, NULL, &manifest,
                              out_only_holds, NULL)))
    return NULL;

  return g_steal_pointer (&manifest);
}

static IssWanted *
new_wanted (IssModelWorld     *self,
            IssWanted         *present,
            const IssManifest *manifest,
            gboolean           only_holds)
{
  GBytes *const none[ISS_N_SLOTS] = { NULL };
  g_autoptr(GPtrArray) signers = g_ptr_array_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) arming = NULL;
  g_autoptr(IssPackage) copy = NULL;
  g_autoptr(GError) error = NULL;
  IssWanted *wanted;

  if (manifest->held && !only_holds)
    arming = iss_arming_sign (manifest, self->admin, self->admin_key, self->now, &error);
  g_ptr_array_add (signers, self->admin);
  bytes = iss_package_compose (manifest, none, self->admin, self->admin_key, self->now, &error);
  copy = iss_package_verify (bytes, signers, &error);
  g_assert_no_error (error);

  wanted = iss_wanted_new (copy, arming, NULL);
  wanted->was_armed = iss_global_gate_was_armed (present, manifest);

  return wanted;
}

static void
decide_func (gpointer data)
{
  Operation *operation = data;
  IssModelWorld *self = operation->world;
  g_autoptr(IssManifest) manifest = NULL;
  g_autoptr(IssWanted) present = NULL;
  g_autoptr(IssWanted) wanted = NULL;
  g_autoptr(GError) error = NULL;
  gboolean only_holds = FALSE;
  guint64 seen;

  present = iss_central_store_get_wanted (self->store, ISS_MODEL_POOL, self->type, &seen, NULL);
  manifest = plan (self, operation, present, &only_holds);
  if (manifest == NULL)
    return;

  wanted = new_wanted (self, present, manifest, only_holds);
  for (guint i = 0; i < ISS_MODEL_SERVERS; i++)
    {
      g_autoptr(GBytes) package = compose (self, manifest, &self->servers[i]);
      g_autofree char *hex = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, package);

      if (!iss_central_store_put_package (self->store, package, NULL))
        return;
      iss_wanted_set_server (wanted, self->servers[i].name, hex);
    }

  /* Another administrator decides in between: the same, and so with the same revision. */
  if (operation->is_overtaken)
    {
      Operation other = *operation;

      other.is_overtaken = FALSE;
      decide_func (&other);
      operation->is_overtaken = other.is_decided;
    }

  operation->is_decided = iss_central_store_put_wanted (self->store, wanted, seen, &error);
  if (operation->is_overtaken)
    {
      g_assert_error (error, ISS_ERROR, ISS_ERROR_CHANGED);
      self->n_lost++;
    }
}

/**
 * iss_model_world_decide:
 * @self: a world
 * @change: what is to be different
 * @certificate: (nullable): what it is about
 * @trouble: what happens to the administrator's disk
 *
 * Returns: whether it was decided; after a kill nobody knows
 */
gboolean
iss_model_world_decide (IssModelWorld       *self,
                        const IssTransition *change,
                        IssCertificate      *certificate,
                        IssModelTrouble      trouble)
{
  Operation operation =
    {
      .world = self, .change = change, .certificate = certificate,
      .is_overtaken = iss_model_world_is_chance (self, 10),
    };

  /* What a full disk makes of the other's decision is another matter. */
  if (trouble != ISS_MODEL_TROUBLE_NONE)
    operation.is_overtaken = FALSE;
  perform (self, ISS_MODEL_SERVERS, trouble, decide_func, &operation);

  return operation.is_decided;
}

static void
put_report_func (gpointer data)
{
  Operation *operation = data;

  operation->is_put = iss_central_store_put_report (operation->world->store, ISS_MODEL_POOL,
                                                    operation->report, NULL);
}

static void
let_out_func (gpointer data)
{
  Operation *operation = data;
  IssModelWorld *self = operation->world;
  g_autoptr(IssWanted) wanted = NULL;
  guint64 seen;

  wanted = iss_central_store_get_wanted (self->store, ISS_MODEL_POOL, self->type, &seen, NULL);
  wanted->armed_at = self->now;
  iss_central_store_put_wanted (self->store, wanted, seen, NULL);
}

/* Now, or never by itself: but whatever was sent may arrive once more. */
static void
send (IssModelWorld *self,
      guint          server,
      GBytes        *bytes,
      gboolean       arms,
      gboolean       is_perfect)
{
  IssModelMessage message = { server, g_bytes_ref (bytes), arms };

  g_array_append_val (self->messages, message);
  if (is_perfect || !iss_model_world_is_chance (self, 15))
    iss_model_world_deliver (self, &message, server,
                             is_perfect ? ISS_MODEL_TROUBLE_NONE
                                        : iss_model_world_pick_trouble (self));
}

static IssReplicaState *
ask (IssModelWorld *self,
     guint          server)
{
  g_autoptr(GError) error = NULL;
  IssReplicaState *state = iss_replica_state_make (self->servers[server].root,
                                                   get_time (self, server), &error);

  g_assert_no_error (error);

  return state;
}

/* What core/central/replica-cargo.h brings it up to date with. */
static IssReplicaState *
visit (IssModelWorld *self,
       guint          server,
       IssWanted     *wanted,
       gboolean       is_perfect)
{
  g_autoptr(IssReplicaState) state = ask (self, server);
  const IssReplicaType *type = iss_replica_state_find_type (state, self->type);
  const IssWantedServer *entry = iss_wanted_find_server (wanted, self->servers[server].name);
  g_autoptr(GBytes) package = NULL;
  gboolean delivers;

  delivers = type == NULL || !type->deployed ||
             g_strcmp0 (type->package_hex, entry->package_hex) != 0;
  if (delivers)
    {
      package = iss_central_store_get_package (self->store, entry->package_hex, NULL);
      send (self, server, package, FALSE, is_perfect);
    }
  if (wanted->armed_at != 0 && wanted->arming != NULL && (delivers || type->held))
    send (self, server, wanted->arming, TRUE, is_perfect);

  return ask (self, server);
}

/* That clocks are too far apart may have been passed, by somebody who has said so. */
static gboolean
is_gate_open (IssModelWorld *self,
              IssWanted     *wanted,
              GPtrArray     *reports)
{
  if (self->bug != ISS_MODEL_BUG_ARMS_UNREADY)
    return iss_global_gate_is_open (wanted, reports, self->messages->len % 2 != 0);

  return wanted->arming != NULL && wanted->armed_at == 0 &&
         (iss_replica_report_is_ready (reports->pdata[0], wanted) ||
          iss_replica_report_is_ready (reports->pdata[1], wanted));
}

static void
note_visit (IssModelWorld    *self,
            IssReplicaReport *report,
            gint64            skew,
            IssReplicaState  *state)
{
  report->tried = self->now;
  g_clear_pointer (&report->error, g_free);
  if (state == NULL)
    {
      report->error = g_strdup ("no answer");
      report->failures++;
      return;
    }

  report->failures = 0;
  report->seen = self->now;
  report->clock_offset = (gdouble) skew;
  g_set_object (&report->state, state);
}

/* (nullable): the replicator was killed */
static GPtrArray *
visit_all (IssModelWorld *self,
           IssWanted     *wanted,
           gboolean       is_perfect)
{
  g_autoptr(GPtrArray) reports = load_reports (self);

  for (guint i = 0; i < ISS_MODEL_SERVERS; i++)
    {
      const IssModelServer *server = &self->servers[i];
      IssReplicaReport *report = g_ptr_array_index (reports, i);
      Operation operation = { .world = self, .report = report };
      g_autoptr(IssReplicaState) state = NULL;

      if (!server->stopped && !server->cut_off)
        state = visit (self, i, wanted, is_perfect);

      /* The answer is lost. */
      if (!is_perfect && iss_model_world_is_chance (self, 2))
        g_clear_object (&state);

      note_visit (self, report, server->skew, state);
      perform (self, ISS_MODEL_SERVERS,
               is_perfect || !iss_model_world_is_chance (self, 2)
               ? ISS_MODEL_TROUBLE_NONE : ISS_MODEL_TROUBLE_KILL, put_report_func, &operation);
      if (!operation.is_put)
        return NULL;
    }

  return g_steal_pointer (&reports);
}

/**
 * iss_model_world_replicate:
 * @self: a world
 * @is_perfect: whether nothing goes wrong
 *
 * One pass of a replicator over every server.
 */
void
iss_model_world_replicate (IssModelWorld *self,
                           gboolean       is_perfect)
{
  g_autoptr(IssWanted) wanted = iss_model_world_get_wanted (self);
  g_autoptr(GPtrArray) reports = visit_all (self, wanted, is_perfect);
  Operation operation = { .world = self };

  if (reports != NULL && is_gate_open (self, wanted, reports))
    perform (self, ISS_MODEL_SERVERS,
             is_perfect ? ISS_MODEL_TROUBLE_NONE : iss_model_world_pick_trouble (self),
             let_out_func, &operation);
}

static void
enroll (IssModelWorld  *self,
        IssModelServer *server)
{
  g_autoptr(GPtrArray) administrators = g_ptr_array_new ();
  g_autoptr(IssAdministrators) set = NULL;
  g_autoptr(IssReplica) replica = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (administrators, self->admin);
  set = iss_administrators_new (ISS_MODEL_POOL, 1, administrators);
  message = iss_administrators_sign (set, self->admin, self->admin_key, ISS_MODEL_NOW, &error);
  replica = iss_replica_load (server->root, &error);
  g_assert_true (iss_replica_enroll (replica, &error));
  g_assert_true (iss_replica_pin (replica, message, &error));
  g_assert_no_error (error);
  server->recipient = g_object_ref (iss_replica_get_certificate (replica));

  if (server == self->servers)
    g_assert_true (iss_central_store_put_administrators (self->store, message, &error));
  g_assert_no_error (error);
}

static void
make_server (IssModelWorld  *self,
             IssModelServer *server,
             guint           index)
{
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  server->name = g_strdup_printf ("fe%02u.contoso.example", index + 1);
  server->skew = g_rand_int_range (self->random, -MOST_SKEW, MOST_SKEW + 1);
  path = iss_temp_folder_dup_path (self->folder, server->name);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  open_root (self, server);
  iss_certificate_store_add (server->root, ISS_STORE_ROOT, self->source->authority, NULL, &error);
  iss_certificate_store_add (server->root, ISS_STORE_CA, self->source->issuing, NULL, &error);
  g_assert_no_error (error);
  enroll (self, server);
}

/**
 * iss_model_world_new:
 * @seed: what happens follows from it
 * @source: makes the certificates; must outlive this
 * @bug: what is wrong on purpose
 *
 * Returns: (transfer full): a world in which every server uses the first certificate
 */
IssModelWorld *
iss_model_world_new (guint            seed,
                     IssServerFolder *source,
                     IssModelBug      bug)
{
  static const char *const names[ISS_MODEL_CERTIFICATES] = { "one", "two", "three", "four" };
  const IssTransition set = { .kind = ISS_TRANSITION_SET, .now = ISS_MODEL_NOW };
  IssModelWorld *self = g_new0 (IssModelWorld, 1);
  g_autofree char *central = NULL;
  g_autofree char *pins = NULL;
  g_autoptr(IssCentralFolder) engine = NULL;
  g_autoptr(GError) error = NULL;

  self->random = g_rand_new_with_seed (seed);
  self->bug = bug;
  self->type = iss_certificate_type_find ("OAuthTokenIssuer");
  self->source = source;
  self->now = ISS_MODEL_NOW;
  self->folder = iss_temp_folder_new ();
  self->messages = g_array_new (FALSE, FALSE, sizeof (IssModelMessage));
  g_array_set_clear_func (self->messages, message_clear);
  self->admin = iss_server_folder_make (source, "alice", NULL, &self->admin_key);
  for (guint i = 0; i < ISS_MODEL_CERTIFICATES; i++)
    self->certificates[i] = iss_server_folder_make (source, names[i], "contoso.example",
                                                    &self->keys[i]);

  central = iss_temp_folder_dup_path (self->folder, "central");
  pins = iss_temp_folder_dup_path (self->folder, "pins");
  engine = iss_central_folder_new (central, &error);
  g_assert_no_error (error);
  self->store = iss_central_store_new (ISS_CENTRAL_ENGINE (engine), pins);
  for (guint i = 0; i < ISS_MODEL_SERVERS; i++)
    make_server (self, &self->servers[i], i);

  g_assert_true (iss_model_world_decide (self, &set, self->certificates[0],
                                         ISS_MODEL_TROUBLE_NONE));
  iss_model_world_replicate (self, TRUE);

  return self;
}

/**
 * iss_model_world_free:
 * @self: (transfer full): a world
 */
void
iss_model_world_free (IssModelWorld *self)
{
  for (guint i = 0; i < ISS_MODEL_SERVERS; i++)
    {
      g_free (self->servers[i].name);
      g_object_unref (self->servers[i].root);
      g_object_unref (self->servers[i].recipient);
    }
  for (guint i = 0; i < ISS_MODEL_CERTIFICATES; i++)
    {
      g_object_unref (self->certificates[i]);
      g_object_unref (self->keys[i]);
    }
  g_array_unref (self->messages);
  g_object_unref (self->admin);
  g_object_unref (self->admin_key);
  g_object_unref (self->store);
  iss_temp_folder_free (self->folder);
  g_rand_free (self->random);
  g_free (self);
}

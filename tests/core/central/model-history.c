/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/central/model-history.h"

#include <string.h>

#include "core/central/global-plan.h"
#include "core/replication/scheduler.h"
#include "core/store/audit-check.h"
#include "core/store/audit-reader.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"

/* How one server was after a step. */
typedef struct
{
  guint64   accepted;                  /* the highest revision */
  guint64   deployed;                  /* the last that was acted upon */
  char     *slot[ISS_N_SLOTS];         /* (nullable): as is assigned */
  char     *signs_with;                /* as is published, as tokens name it */
  char     *knows;                     /* what those who verify are told */
} Sight;

struct _IssModelHistory
{
  Sight      servers[ISS_MODEL_SERVERS];
  GPtrArray *manifests;                /* IssManifest, by revision; the first is of none */
  guint      n_rolls;
};

static void
sight_clear (Sight *self)
{
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    g_clear_pointer (&self->slot[i], g_free);
  g_clear_pointer (&self->signs_with, g_free);
  g_clear_pointer (&self->knows, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sight, sight_clear)

static void
manifest_free (gpointer manifest)
{
  if (manifest != NULL)
    iss_manifest_free (manifest);
}

/**
 * iss_model_history_new:
 *
 * Returns: (transfer full): nothing was seen yet
 */
IssModelHistory *
iss_model_history_new (void)
{
  IssModelHistory *self = g_new0 (IssModelHistory, 1);

  self->manifests = g_ptr_array_new_with_free_func (manifest_free);
  g_ptr_array_add (self->manifests, NULL);

  return self;
}

/**
 * iss_model_history_free:
 * @self: (transfer full): a history
 */
void
iss_model_history_free (IssModelHistory *self)
{
  for (guint i = 0; i < ISS_MODEL_SERVERS; i++)
    sight_clear (&self->servers[i]);
  g_ptr_array_unref (self->manifests);
  g_free (self);
}

static char *
read_live (IssModelWorld *world,
           guint          server,
           const char    *name)
{
  g_autofree char *path = g_build_filename (
    iss_root_folder_get_path (world->servers[server].root), "live", world->type->name, name, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

  return text;
}

/* As "x5t#S256" has it. */
static char *
dup_thumbprint (IssCertificate *certificate)
{
  GBytes *sha256 = iss_certificate_get_sha256 (certificate);
  char *text = g_base64_encode (g_bytes_get_data (sha256, NULL), g_bytes_get_size (sha256));

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return text;
}

static char *
dup_signs_with (IssModelWorld *world,
                guint          server)
{
  g_autofree char *pem = read_live (world, server, "cert.pem");

  for (guint i = 0; i < ISS_MODEL_CERTIFICATES; i++)
    {
      g_autofree char *candidate = iss_certificate_dup_pem (world->certificates[i]);

      if (g_str_equal (candidate, pem))
        return dup_thumbprint (world->certificates[i]);
    }

  g_assert_not_reached ();
}

static void
look (IssModelWorld *world,
      guint          server,
      Sight         *sight)
{
  IssRootFolder *root = world->servers[server].root;
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(IssReplica) replica = NULL;
  const IssAssignment *assignment;
  const IssAccepted *accepted;
  g_autoptr(GError) error = NULL;

  assignments = iss_assignments_load (root, &error);
  g_assert_no_error (error);
  replica = iss_replica_load (root, &error);
  g_assert_no_error (error);
  accepted = iss_replica_find_accepted (replica, world->type);
  assignment = iss_assignments_find (assignments, world->type);
  g_assert_nonnull (assignment);

  sight->accepted = accepted != NULL ? accepted->revision : 0;
  sight->deployed = accepted != NULL && accepted->deployed ? accepted->revision : 0;
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    sight->slot[i] = g_strdup (assignment->slot[i]);
  sight->signs_with = dup_signs_with (world, server);
  sight->knows = read_live (world, server, "jwks.json");
}

/* The certificates that a revision lets a server sign with. */
static gboolean
allows (IssModelHistory *self,
        guint64          revision,
        const char      *hex)
{
  const IssManifest *manifest;

  if (revision == 0 || revision >= self->manifests->len)
    return FALSE;

  manifest = g_ptr_array_index (self->manifests, (guint) revision);
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    if (i != ISS_SLOT_PREVIOUS && manifest->slot[i] != NULL &&
        g_str_equal (iss_certificate_get_sha256_hex (manifest->slot[i]), hex))
      return TRUE;

  return FALSE;
}

/* Each of what it signs with is in Personal, with a key that is its own. */
static gboolean
has_key (IssModelWorld *world,
         guint          server,
         const char    *hex)
{
  IssRootFolder *root = world->servers[server].root;
  g_autoptr(IssCertificate) certificate = iss_certificate_store_get (root, ISS_STORE_MY, hex,
                                                                     NULL);
  g_autoptr(IssPrivateKey) key = NULL;

  if (certificate != NULL)
    key = iss_key_file_load (root, iss_certificate_get_spki_sha256 (certificate), NULL);

  return key != NULL && iss_private_key_matches (key, certificate);
}

static char *
judge_server (IssModelHistory *self,
              IssModelWorld   *world,
              guint            server,
              const Sight     *now)
{
  const Sight *before = &self->servers[server];
  const char *current = now->slot[ISS_SLOT_CURRENT];
  gboolean is_let;

  if (now->accepted < before->accepted)
    return g_strdup_printf ("fe%02u took revision %" G_GUINT64_FORMAT " after %" G_GUINT64_FORMAT,
                            server + 1, now->accepted, before->accepted);

  /* What it signs with stays until what it has accepted is deployed. Killed between the assignment
   * and the note of it, it has deployed more than it says, and may accept the next one first. */
  is_let = allows (self, now->accepted, current) || allows (self, before->deployed, current) ||
           (now->deployed == 0 && g_strcmp0 (current, before->slot[ISS_SLOT_CURRENT]) == 0);
  if (!is_let)
    return g_strdup_printf ("fe%02u signs with %s, which neither revision %" G_GUINT64_FORMAT
                            " nor %" G_GUINT64_FORMAT " lets it", server + 1, current,
                            now->accepted, before->deployed);

  if (now->deployed != 0 &&
      (!has_key (world, server, current) ||
       (now->slot[ISS_SLOT_STAGED] != NULL &&
        !has_key (world, server, now->slot[ISS_SLOT_STAGED]))))
    return g_strdup_printf ("fe%02u says that it has revision %" G_GUINT64_FORMAT
                            ", and has no key of it", server + 1, now->deployed);

  return NULL;
}

static gboolean
is_in_slots (const Sight *sight,
             const char  *hex)
{
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    if (g_strcmp0 (sight->slot[i], hex) == 0)
      return TRUE;

  return FALSE;
}

/* By what is assigned, and by what those who sign and verify are given. */
static char *
judge_pool (const Sight *sights)
{
  for (guint i = 0; i < ISS_MODEL_SERVERS; i++)
    for (guint k = 0; k < ISS_MODEL_SERVERS; k++)
      if (!is_in_slots (&sights[k], sights[i].slot[ISS_SLOT_CURRENT]) ||
          strstr (sights[k].knows, sights[i].signs_with) == NULL)
        return g_strdup_printf ("fe%02u signs with %s (%s), which fe%02u does not know", i + 1,
                                sights[i].slot[ISS_SLOT_CURRENT], sights[i].signs_with, k + 1);

  return NULL;
}

static void
note_manifest (IssModelHistory *self,
               IssModelWorld   *world)
{
  g_autoptr(IssWanted) wanted = iss_model_world_get_wanted (world);
  const IssManifest *manifest = iss_wanted_get_manifest (wanted);

  /* One step decides one thing, and a killed one none that is not in the store. */
  if (manifest->revision < self->manifests->len)
    return;

  g_assert_cmpuint (manifest->revision, ==, self->manifests->len);
  g_ptr_array_add (self->manifests, iss_manifest_copy (manifest));
}

static void
take_sight (IssModelHistory *self,
            guint            server,
            Sight           *now)
{
  Sight *before = &self->servers[server];

  if (before->slot[ISS_SLOT_CURRENT] != NULL &&
      !g_str_equal (before->slot[ISS_SLOT_CURRENT], now->slot[ISS_SLOT_CURRENT]))
    self->n_rolls++;
  if (now->deployed == 0)
    now->deployed = before->deployed;

  sight_clear (before);
  *before = *now;
  *now = (Sight) { 0 };
}

/**
 * iss_model_history_record:
 * @self: a history
 * @world: after one more step
 *
 * Returns: (transfer full) (nullable): what no server may ever do, if one has
 */
char *
iss_model_history_record (IssModelHistory *self,
                          IssModelWorld   *world)
{
  char *wrong = NULL;

  note_manifest (self, world);
  for (guint i = 0; i < ISS_MODEL_SERVERS; i++)
    {
      g_auto(Sight) now = { 0 };

      if (!world->servers[i].is_touched)
        continue;

      world->servers[i].is_touched = FALSE;
      look (world, i, &now);
      if (wrong == NULL)
        wrong = judge_server (self, world, i, &now);
      take_sight (self, i, &now);
    }

  if (wrong == NULL)
    wrong = judge_pool (self->servers);

  return wrong;
}

static gboolean
count_cb (IssAuditEntry *entry,
          gpointer       user_data)
{
  GHashTable *seen = user_data;
  const char *what = iss_audit_entry_get_what (entry);
  const gboolean accepts = g_str_equal (what, "accept-package");

  if (!accepts && !g_str_equal (what, "roll-assignment"))
    return FALSE;

  return !g_hash_table_add (seen, g_strconcat (what, " ",
                                               iss_audit_entry_get_detail (entry, accepts
                                                                                  ? "revision"
                                                                                  : "task"),
                                               NULL));
}

/* The same plan twice is once, and the record of it is whole. */
static char *
judge_record (IssModelWorld *world,
              guint          server)
{
  IssRootFolder *root = world->servers[server].root;
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) twice = NULL;
  g_autoptr(GError) error = NULL;
  IssAuditCheck check;
  guint64 next;

  g_assert_true (iss_audit_check_run (root, &check, &error));
  if (check.n_faults > 0)
    return iss_audit_check_dup_fault (&check);

  twice = iss_audit_reader_read (root, 0, ISS_AUDIT_READER_MAX_PAGE, NULL, count_cb, seen, &next,
                                 &error);
  g_assert_no_error (error);

  return twice->len == 0 ? NULL
    : g_strdup_printf ("fe%02u did something twice: %s", server + 1,
                       iss_audit_entry_get_what (twice->pdata[0]));
}

static char *
judge_slots (IssModelHistory     *self,
             guint                server,
             const IssAssignment *wanted)
{
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    if (g_strcmp0 (self->servers[server].slot[i], wanted->slot[i]) != 0)
      return g_strdup_printf ("fe%02u has %s in %s and not %s", server + 1,
                              self->servers[server].slot[i],
                              iss_slot_get_name ((IssSlot) i), wanted->slot[i]);

  return NULL;
}

/**
 * iss_model_history_judge_end:
 * @self: a history, to which the last step was recorded
 * @world: in which nothing has gone wrong for long enough
 *
 * Returns: (transfer full) (nullable): what is not as it was decided
 */
char *
iss_model_history_judge_end (IssModelHistory *self,
                             IssModelWorld   *world)
{
  g_autoptr(IssWanted) present = iss_model_world_get_wanted (world);
  g_autoptr(IssAssignment) wanted = iss_global_plan_dup_present (present, world->type,
                                                                 world->now);

  for (guint i = 0; i < ISS_MODEL_SERVERS; i++)
    {
      char *wrong = judge_slots (self, i, wanted);

      if (wrong == NULL)
        wrong = judge_record (world, i);
      if (wrong != NULL)
        return wrong;
    }

  return NULL;
}

/**
 * iss_model_history_count_rolls:
 * @self: a history
 *
 * Returns: how often a server has changed what it signs with
 */
guint
iss_model_history_count_rolls (IssModelHistory *self)
{
  return self->n_rolls;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/replica-state.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/agent/observed-reloads.h"
#include "core/assignment/assignments.h"
#include "core/assignment/reload-text.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/replication/scheduler.h"

#define MAX_TYPES 64
#define MAX_CERTIFICATE (16 * 1024)
#define LAST_INSTANT G_GINT64_CONSTANT (253402300799)

struct _IssReplicaState
{
  GObject         parent_instance;

  /* Owned */
  IssCertificate *certificate;   /* (nullable) */
  char           *pool;          /* (nullable) */
  GPtrArray      *types;         /* IssReplicaType */

  guint64         version;
  gint64          time;
};

G_DEFINE_FINAL_TYPE (IssReplicaState, iss_replica_state, G_TYPE_OBJECT)

static void
type_free (IssReplicaType *type)
{
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    g_free (type->slot[i]);
  g_free (type->package_hex);
  g_free (type->reason);
  g_free (type->unreadable);
  g_free (type);
}

static void
iss_replica_state_finalize (GObject *object)
{
  IssReplicaState *self = ISS_REPLICA_STATE (object);

  g_clear_object (&self->certificate);
  g_clear_pointer (&self->pool, g_free);
  g_clear_pointer (&self->types, g_ptr_array_unref);

  G_OBJECT_CLASS (iss_replica_state_parent_class)->finalize (object);
}

static void
iss_replica_state_class_init (IssReplicaStateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_replica_state_finalize;
}

static void
iss_replica_state_init (IssReplicaState *self)
{
  self->types = g_ptr_array_new_with_free_func ((GDestroyNotify) type_free);
}

static char *
dup_reason (GPtrArray                *tasks,
            const IssCertificateType *type)
{
  for (guint i = 0; i < tasks->len; i++)
    {
      IssTask *task = g_ptr_array_index (tasks, i);

      if (iss_task_get_kind (task) == ISS_TASK_DEPLOY &&
          g_str_equal (iss_task_get_type_name (task), type->name) &&
          *iss_task_get_result (task) != '\0')
        return g_strdup (iss_task_get_result (task));
    }

  return NULL;
}

/* Nothing at all may be what the package says. */
static gboolean
was_emptied (IssReplicaType *self,
             IssReplica     *replica)
{
  g_autoptr(IssPackage) package = NULL;

  if (!self->deployed)
    return FALSE;

  package = iss_replica_load_package (replica, self->type, NULL);

  return package != NULL && !iss_manifest_is_empty (iss_package_get_manifest (package));
}

/* (nullable): which services would be left with the old one at the roll */
static char *
dup_unreadable (const IssReplicaType     *self,
                const IssObservedReloads *reloads)
{
  g_autoptr(GString) text = g_string_new (NULL);

  /* Nobody can tell which there are: that is no reason to believe that all are ready. */
  if (reloads->error != NULL)
    /* Translators: why, it names the file */
    return g_strdup_printf (_("services that are not known (%s)"), reloads->error);

  for (guint i = 0; i < reloads->all->len; i++)
    {
      const IssReload *reload = g_ptr_array_index (reloads->all, i);
      g_autofree char *one = NULL;

      if (g_str_equal (reload->type, self->type->name))
        one = iss_reload_text_dup_unreadable (reload);
      if (one != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", one);
    }

  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static void
fill_slots (IssReplicaType           *self,
            IssRootFolder            *root,
            IssReplica               *replica,
            IssAssignments           *assignments,
            const IssObservedReloads *reloads)
{
  const IssAssignment *assignment = iss_assignments_find (assignments, self->type);

  if (assignment == NULL)
    {
      self->local = was_emptied (self, replica);
      return;
    }

  self->local = !g_str_equal (assignment->scope, "global");
  self->staged_at = assignment->staged_at;
  self->held = assignment->held;
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      self->slot[i] = g_strdup (assignment->slot[i]);
      if (self->slot[i] != NULL)
        self->rung[i] = iss_ladder_climb (root, assignments, self->type, self->slot[i], FALSE);
    }
  if (self->slot[ISS_SLOT_STAGED] != NULL)
    self->unreadable = dup_unreadable (self, reloads);
}

/**
 * iss_replica_state_make:
 * @root: a server's folder
 * @now: seconds since 1970
 * @error: return location for an error
 *
 * Returns: (transfer full): how far this server is with what was replicated to it
 */
IssReplicaState *
iss_replica_state_make (IssRootFolder  *root,
                        gint64          now,
                        GError        **error)
{
  g_autoptr(IssReplicaState) self = NULL;
  g_autoptr(IssReplica) replica = NULL;
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(GPtrArray) tasks = NULL;
  g_autoptr(IssObservedReloads) reloads = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);

  replica = iss_replica_load (root, error);
  assignments = replica != NULL ? iss_assignments_load (root, error) : NULL;
  tasks = assignments != NULL ? iss_scheduler_list (root, now, error) : NULL;
  if (tasks == NULL)
    return NULL;

  reloads = iss_observed_reloads_look (root);
  self = g_object_new (ISS_TYPE_REPLICA_STATE, NULL);
  self->time = now;
  g_set_object (&self->certificate, iss_replica_get_certificate (replica));
  if (iss_replica_get_administrators (replica) != NULL)
    {
      self->pool = g_strdup (iss_replica_get_administrators (replica)->pool);
      self->version = iss_replica_get_administrators (replica)->version;
    }

  for (guint i = 0; i < iss_replica_get_n_accepted (replica); i++)
    {
      const IssAccepted *accepted = iss_replica_get_accepted (replica, i);
      IssReplicaType *type = g_new0 (IssReplicaType, 1);

      type->type = accepted->type;
      type->revision = accepted->revision;
      type->package_hex = g_strdup (accepted->sha256_hex);
      type->at = accepted->at;
      type->deployed = accepted->deployed;
      type->reason = accepted->deployed ? NULL : dup_reason (tasks, type->type);
      fill_slots (type, root, replica, assignments, reloads);
      g_ptr_array_add (self->types, type);
    }

  return g_steal_pointer (&self);
}

static void
insert_text (GVariantDict *dict,
             const char   *name,
             const char   *text)
{
  if (text != NULL)
    g_variant_dict_insert (dict, name, "s", text);
}

static GVariant *
type_to_variant (const IssReplicaType *type)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "type", "s", type->type->name);
  g_variant_dict_insert (&dict, "revision", "t", type->revision);
  insert_text (&dict, "package", type->package_hex);
  g_variant_dict_insert (&dict, "at", "x", type->at);
  g_variant_dict_insert (&dict, "deployed", "b", type->deployed);
  insert_text (&dict, "reason", type->reason);
  g_variant_dict_insert (&dict, "local", "b", type->local);
  g_variant_dict_insert (&dict, "staged-at", "x", type->staged_at);
  g_variant_dict_insert (&dict, "held", "b", type->held);
  insert_text (&dict, "unreadable", type->unreadable);
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      g_autofree char *rung = g_strconcat (iss_slot_get_name ((IssSlot) i), "-rung", NULL);

      insert_text (&dict, iss_slot_get_name ((IssSlot) i), type->slot[i]);
      g_variant_dict_insert (&dict, rung, "u", (guint32) type->rung[i]);
    }

  return g_variant_dict_end (&dict);
}

/**
 * iss_replica_state_to_variant:
 * @self: a state
 *
 * Returns: (transfer floating): it as GetReplica sends it, an a{sv}
 */
GVariant *
iss_replica_state_to_variant (IssReplicaState *self)
{
  GVariantBuilder types;
  GVariantDict dict;

  g_return_val_if_fail (ISS_IS_REPLICA_STATE (self), NULL);

  g_variant_builder_init (&types, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < self->types->len; i++)
    g_variant_builder_add_value (&types, type_to_variant (self->types->pdata[i]));

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "time", "x", self->time);
  if (self->certificate != NULL)
    g_variant_dict_insert_value (&dict, "certificate",
                                 iss_agent_wire_new_bytes (
                                   iss_certificate_get_der (self->certificate)));
  insert_text (&dict, "pool", self->pool);
  g_variant_dict_insert (&dict, "administrators", "t", self->version);
  g_variant_dict_insert_value (&dict, "types", g_variant_builder_end (&types));

  return g_variant_dict_end (&dict);
}

static gboolean
refuse (GError **error)
{
  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       _("What the server says of its replication cannot be understood"));

  return FALSE;
}

/* (nullable) in @out_hex: missing is not wrong. */
static gboolean
read_hex (GVariant    *variant,
          const char  *name,
          char       **out_hex,
          GError     **error)
{
  const char *text = NULL;

  if (!g_variant_lookup (variant, name, "&s", &text))
    return TRUE;

  if (strlen (text) != 2 * ISS_SHA256_SIZE ||
      strspn (text, "0123456789abcdef") != 2 * ISS_SHA256_SIZE)
    return refuse (error);

  *out_hex = g_strdup (text);

  return TRUE;
}

static gboolean
read_type (IssReplicaType  *self,
           GVariant        *variant,
           GError         **error)
{
  g_autofree char *reason = iss_agent_wire_dup_text (variant, "reason", ISS_AGENT_WIRE_MAX_TEXT);
  g_autofree char *unreadable = iss_agent_wire_dup_text (variant, "unreadable",
                                                         ISS_AGENT_WIRE_MAX_TEXT);

  g_variant_lookup (variant, "revision", "t", &self->revision);
  g_variant_lookup (variant, "at", "x", &self->at);
  g_variant_lookup (variant, "staged-at", "x", &self->staged_at);
  self->at = CLAMP (self->at, 0, LAST_INSTANT);
  self->staged_at = CLAMP (self->staged_at, 0, LAST_INSTANT);
  self->deployed = iss_agent_wire_get_boolean (variant, "deployed");
  self->local = iss_agent_wire_get_boolean (variant, "local");
  self->held = iss_agent_wire_get_boolean (variant, "held");
  if (*reason != '\0')
    self->reason = g_steal_pointer (&reason);
  if (*unreadable != '\0')
    self->unreadable = g_steal_pointer (&unreadable);

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      g_autofree char *name = g_strconcat (iss_slot_get_name ((IssSlot) i), "-rung", NULL);
      guint32 rung = 0;

      if (!read_hex (variant, iss_slot_get_name ((IssSlot) i), &self->slot[i], error))
        return FALSE;

      g_variant_lookup (variant, name, "u", &rung);
      if (rung >= ISS_N_RUNGS)
        return refuse (error);
      self->rung[i] = (IssRung) rung;
    }

  return read_hex (variant, "package", &self->package_hex, error);
}

static gboolean
read_types (IssReplicaState  *self,
            GVariant         *types,
            GError          **error)
{
  if (g_variant_n_children (types) > MAX_TYPES)
    return refuse (error);

  for (gsize i = 0; i < g_variant_n_children (types); i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (types, i);
      const IssCertificateType *known;
      const char *name = "";
      IssReplicaType *type;

      /* A type of a newer agent: not understood, and not in the way. */
      g_variant_lookup (child, "type", "&s", &name);
      known = iss_certificate_type_find (name);
      if (known == NULL)
        continue;

      if (iss_replica_state_find_type (self, known) != NULL)
        return refuse (error);

      type = g_new0 (IssReplicaType, 1);
      type->type = known;
      g_ptr_array_add (self->types, type);
      if (!read_type (type, child, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * iss_replica_state_from_variant:
 * @variant: an a{sv} from a server
 * @error: return location for %ISS_ERROR_MALFORMED
 *
 * Returns: (transfer full): what the server says
 */
IssReplicaState *
iss_replica_state_from_variant (GVariant  *variant,
                                GError   **error)
{
  g_autoptr(IssReplicaState) self = NULL;
  g_autoptr(GVariant) der = NULL;
  g_autoptr(GVariant) types = NULL;
  g_autofree char *pool = NULL;

  g_return_val_if_fail (g_variant_is_of_type (variant, G_VARIANT_TYPE_VARDICT), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (ISS_TYPE_REPLICA_STATE, NULL);
  g_variant_lookup (variant, "time", "x", &self->time);
  self->time = CLAMP (self->time, 0, LAST_INSTANT);
  g_variant_lookup (variant, "administrators", "t", &self->version);
  pool = iss_agent_wire_dup_text (variant, "pool", ISS_MANIFEST_MAX_NAME);
  if (*pool != '\0')
    self->pool = g_steal_pointer (&pool);

  der = g_variant_lookup_value (variant, "certificate", G_VARIANT_TYPE_BYTESTRING);
  if (der != NULL)
    {
      g_autoptr(GBytes) bytes = iss_agent_wire_dup_bytes (der);

      if (g_bytes_get_size (bytes) <= MAX_CERTIFICATE)
        self->certificate = iss_certificate_new_from_der (bytes, NULL);
      if (self->certificate == NULL)
        {
          refuse (error);
          return NULL;
        }
    }

  types = g_variant_lookup_value (variant, "types", G_VARIANT_TYPE ("aa{sv}"));
  if (types != NULL && !read_types (self, types, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * iss_replica_state_get_time:
 * @self: a state
 *
 * Returns: when it was so, by the server's clock
 */
gint64
iss_replica_state_get_time (IssReplicaState *self)
{
  g_return_val_if_fail (ISS_IS_REPLICA_STATE (self), 0);

  return self->time;
}

/**
 * iss_replica_state_get_certificate:
 * @self: a state
 *
 * Returns: (transfer none) (nullable): what packages for it are sealed to
 */
IssCertificate *
iss_replica_state_get_certificate (IssReplicaState *self)
{
  g_return_val_if_fail (ISS_IS_REPLICA_STATE (self), NULL);

  return self->certificate;
}

/**
 * iss_replica_state_get_pool:
 * @self: a state
 *
 * Returns: (transfer none) (nullable): the pool whose administrators it has pinned
 */
const char *
iss_replica_state_get_pool (IssReplicaState *self)
{
  g_return_val_if_fail (ISS_IS_REPLICA_STATE (self), NULL);

  return self->pool;
}

/**
 * iss_replica_state_get_version:
 * @self: a state
 *
 * Returns: which set of administrators it has pinned; 0 = none
 */
guint64
iss_replica_state_get_version (IssReplicaState *self)
{
  g_return_val_if_fail (ISS_IS_REPLICA_STATE (self), 0);

  return self->version;
}

/**
 * iss_replica_state_get_n_types:
 * @self: a state
 *
 * Returns: of how many types it has accepted a package
 */
guint
iss_replica_state_get_n_types (IssReplicaState *self)
{
  g_return_val_if_fail (ISS_IS_REPLICA_STATE (self), 0);

  return self->types->len;
}

/**
 * iss_replica_state_get_type_at:
 * @self: a state
 * @index: below iss_replica_state_get_n_types()
 *
 * Returns: (transfer none): how far it is with one type
 */
const IssReplicaType *
iss_replica_state_get_type_at (IssReplicaState *self,
                               guint            index)
{
  g_return_val_if_fail (ISS_IS_REPLICA_STATE (self), NULL);
  g_return_val_if_fail (index < self->types->len, NULL);

  return g_ptr_array_index (self->types, index);
}

/**
 * iss_replica_state_find_type:
 * @self: a state
 * @type: a type
 *
 * Returns: (transfer none) (nullable): how far it is with @type; %NULL: it never got a package
 */
const IssReplicaType *
iss_replica_state_find_type (IssReplicaState          *self,
                             const IssCertificateType *type)
{
  g_return_val_if_fail (ISS_IS_REPLICA_STATE (self), NULL);

  for (guint i = 0; i < self->types->len; i++)
    {
      const IssReplicaType *candidate = g_ptr_array_index (self->types, i);

      if (candidate->type == type)
        return candidate;
    }

  return NULL;
}

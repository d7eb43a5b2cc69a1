/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/assignments.h"

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>

#define FILE_NAME "assignments.conf"
#define FILE_MODE 0644
#define MAX_FILE_SIZE (1024 * 1024)
#define MAX_SCOPE_LENGTH 16

/**
 * IssAssignments:
 *
 * What every type uses on one server, as assignments.conf says it.
 *
 * The parsed file is kept beside the values taken from it, so that groups and
 * keys which a newer version wrote survive a change made by this one. A type
 * that uses nothing any more keeps its group, because its revision must go on
 * counting from there; only types that use something are listed.
 */
struct _IssAssignments
{
  GObject    parent_instance;

  GKeyFile  *file;
  GBytes    *on_disk;    /* (nullable): what was read; NULL = there was no file */
  GPtrArray *all;        /* (element-type IssAssignment), owned */
  GPtrArray *listed;     /* (element-type IssAssignment), borrows from all */
};

G_DEFINE_FINAL_TYPE (IssAssignments, iss_assignments, G_TYPE_OBJECT)

typedef struct
{
  const char *name;
  const char *label;
} SlotName;

static const SlotName slot_names[] =
{
  [ISS_SLOT_CURRENT]  = { "current",  N_("current") },
  [ISS_SLOT_PREVIOUS] = { "previous", N_("previous") },
  [ISS_SLOT_STAGED]   = { "staged",   N_("staged") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (slot_names) == ISS_N_SLOTS);

/**
 * iss_slot_get_name:
 * @slot: a slot
 *
 * Returns: (transfer none): its word in files, on the wire and in options
 */
const char *
iss_slot_get_name (IssSlot slot)
{
  g_return_val_if_fail ((guint) slot < ISS_N_SLOTS, NULL);

  return slot_names[slot].name;
}

/**
 * iss_slot_get_label:
 * @slot: a slot
 *
 * Returns: (transfer none): its word on the screen, translated
 */
const char *
iss_slot_get_label (IssSlot slot)
{
  g_return_val_if_fail ((guint) slot < ISS_N_SLOTS, NULL);

  return _(slot_names[slot].label);
}

/**
 * iss_slot_parse:
 * @name: what somebody typed, in upper or lower case
 * @out_slot: (out): return location for the slot
 * @error: return location for %ISS_ERROR_INVALID_ARGUMENT, which lists the slots there are
 *
 * Returns: whether @name is a slot
 */
gboolean
iss_slot_parse (const char  *name,
                IssSlot     *out_slot,
                GError     **error)
{
  g_autofree char *shown = NULL;

  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (out_slot != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      if (g_ascii_strcasecmp (slot_names[i].name, name) == 0)
        {
          *out_slot = (IssSlot) i;
          return TRUE;
        }
    }

  shown = iss_text_sanitise (name, -1, 64);
  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("There is no slot “%s”. The slots are: current, previous, staged"), shown);

  return FALSE;
}

static void
assignment_free (gpointer data)
{
  IssAssignment *assignment = data;

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    g_free (assignment->slot[i]);
  g_free (assignment->scope);
  g_free (assignment);
}

static void
iss_assignments_finalize (GObject *object)
{
  IssAssignments *self = ISS_ASSIGNMENTS (object);

  g_clear_pointer (&self->listed, g_ptr_array_unref);
  g_clear_pointer (&self->all, g_ptr_array_unref);
  g_clear_pointer (&self->on_disk, g_bytes_unref);
  g_clear_pointer (&self->file, g_key_file_unref);

  G_OBJECT_CLASS (iss_assignments_parent_class)->finalize (object);
}

static void
iss_assignments_class_init (IssAssignmentsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_assignments_finalize;
}

static void
iss_assignments_init (IssAssignments *self)
{
  self->file = g_key_file_new ();
  self->all = g_ptr_array_new_with_free_func (assignment_free);
  self->listed = g_ptr_array_new ();
}

static gboolean
is_sha256_hex (const char *text)
{
  gsize length = strspn (text, "0123456789abcdef");

  return length == 2 * ISS_SHA256_SIZE && text[length] == '\0';
}

static IssAssignment *
lookup (IssAssignments           *self,
        const IssCertificateType *type)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      IssAssignment *assignment = g_ptr_array_index (self->all, i);

      if (assignment->type == type)
        return assignment;
    }

  return NULL;
}

/* In the table's order, whatever the order of the file. */
static void
update_listed (IssAssignments *self)
{
  g_ptr_array_set_size (self->listed, 0);

  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      IssAssignment *assignment = lookup (self, iss_certificate_type_get (i));

      if (assignment == NULL)
        continue;

      if (assignment->slot[ISS_SLOT_CURRENT] != NULL ||
          assignment->slot[ISS_SLOT_PREVIOUS] != NULL ||
          assignment->slot[ISS_SLOT_STAGED] != NULL)
        g_ptr_array_add (self->listed, assignment);
    }
}

/* GKeyFile does not say in which line it stumbles, and takes a group or a key
 * that stands there twice: here one of the two would win silently. */
static gboolean
check_lines (const char  *path,
             const char  *text,
             GError     **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *group = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *line = g_strstrip (lines[i]);
      char *equals = strchr (line, '=');

      if (line[0] == '\0' || line[0] == '#')
        continue;

      if (line[0] == '[' && g_str_has_suffix (line, "]"))
        {
          g_free (group);
          group = g_strdup (line);
          if (g_hash_table_add (seen, g_strdup (line)))
            continue;

          g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       _("%s, line %u: This group is there twice. Nothing was changed; "
                         "mend the file or restore it from a backup"), path, i + 1);
          return FALSE;
        }

      if (group != NULL && equals != NULL && equals != line)
        {
          g_autofree char *key = g_strstrip (g_strndup (line, equals - line));

          if (g_hash_table_add (seen, g_strconcat (group, key, NULL)))
            continue;

          g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       _("%s, line %u: This key is there twice in its group. Nothing was changed; "
                         "mend the file or restore it from a backup"), path, i + 1);
          return FALSE;
        }

      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("%s, line %u: This is neither a group nor a key with its value. Nothing was "
                     "changed; mend the file or restore it from a backup"), path, i + 1);
      return FALSE;
    }

  return TRUE;
}

static gboolean
refuse_value (const char  *path,
              const char  *group,
              const char  *key,
              GError     **error)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
               _("%s, group [%s]: The value of “%s” is missing or damaged. Nothing was changed; "
                 "mend the file or restore it from a backup"), path, group, key);

  return FALSE;
}

/* A missing instant is 0: not known. */
static gboolean
read_instant (GKeyFile    *file,
              const char  *path,
              const char  *group,
              const char  *key,
              gint64      *out_instant,
              GError     **error)
{
  g_autofree char *text = g_key_file_get_value (file, group, key, NULL);

  if (text == NULL)
    return TRUE;

  if (!iss_time_text_parse (text, out_instant, NULL))
    return refuse_value (path, group, key, error);

  return TRUE;
}

static gboolean
read_group (GKeyFile       *file,
            const char     *path,
            const char     *group,
            IssAssignment  *assignment,
            GError        **error)
{
  g_autofree char *revision = g_key_file_get_value (file, group, "revision", NULL);
  char *scope = g_key_file_get_value (file, group, "scope", NULL);

  assignment->scope = scope != NULL ? scope : g_strdup ("local");
  if (!iss_text_is_clean (assignment->scope, MAX_SCOPE_LENGTH))
    return refuse_value (path, group, "scope", error);

  if (revision == NULL ||
      !g_ascii_string_to_unsigned (revision, 10, 1, G_MAXINT64, &assignment->revision, NULL))
    return refuse_value (path, group, "revision", error);

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      assignment->slot[i] = g_key_file_get_value (file, group, slot_names[i].name, NULL);
      if (assignment->slot[i] != NULL && !is_sha256_hex (assignment->slot[i]))
        return refuse_value (path, group, slot_names[i].name, error);
    }

  return read_instant (file, path, group, "current-since", &assignment->current_since, error) &&
         read_instant (file, path, group, "staged-at", &assignment->staged_at, error);
}

static gboolean
parse (IssAssignments  *self,
       const char      *path,
       GBytes          *bytes,
       GError         **error)
{
  g_autoptr(GError) local_error = NULL;
  g_auto(GStrv) groups = NULL;
  g_autofree char *text = NULL;
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  if (size == 0)
    return TRUE;

  /* Also finds zero bytes. */
  if (!g_utf8_validate (data, (gssize) size, NULL))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("%s is not UTF-8 text. Nothing was changed; mend the file or restore it "
                     "from a backup"), path);
      return FALSE;
    }

  text = g_strndup (data, size);
  if (!check_lines (path, text, error))
    return FALSE;

  if (!g_key_file_load_from_data (self->file, text, size, G_KEY_FILE_KEEP_COMMENTS, &local_error))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("%s is damaged (%s). Nothing was changed; mend the file or restore it from a "
                     "backup"), path, local_error->message);
      return FALSE;
    }

  groups = g_key_file_get_groups (self->file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      const IssCertificateType *type = iss_certificate_type_find (groups[i]);
      IssAssignment *assignment;

      /* A type of a newer version: kept, not understood. */
      if (type == NULL)
        continue;

      if (!g_str_equal (type->name, groups[i]))
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       _("%s, group [%s]: This type is spelt %s. Nothing was changed; mend the "
                         "file"), path, groups[i], type->name);
          return FALSE;
        }

      assignment = g_new0 (IssAssignment, 1);
      assignment->type = type;
      g_ptr_array_add (self->all, assignment);
      if (!read_group (self->file, path, groups[i], assignment, error))
        return FALSE;
    }

  return TRUE;
}

/* (out_bytes nullable): no file is no error. */
static gboolean
read_file (IssRootFolder  *root,
           GBytes        **out_bytes,
           GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  GBytes *bytes;

  bytes = iss_atomic_file_read (iss_root_folder_get_fd (root), FILE_NAME, MAX_FILE_SIZE,
                                &local_error);
  if (bytes == NULL && !g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  *out_bytes = bytes;

  return TRUE;
}

/**
 * iss_assignments_load:
 * @root: a server's folder
 * @error: return location for an error
 *
 * Reads assignments.conf. No file means that nothing is assigned. A damaged
 * file is %ISS_ERROR_MALFORMED, which names the line or the group: then nothing
 * can be loaded, and so nothing can be saved over it.
 *
 * Returns: (transfer full): the assignments, or %NULL with @error set
 */
IssAssignments *
iss_assignments_load (IssRootFolder  *root,
                      GError        **error)
{
  g_autoptr(IssAssignments) self = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (ISS_TYPE_ASSIGNMENTS, NULL);
  if (!read_file (root, &self->on_disk, error))
    return NULL;

  path = g_build_filename (iss_root_folder_get_path (root), FILE_NAME, NULL);
  if (self->on_disk != NULL && !parse (self, path, self->on_disk, error))
    return NULL;

  update_listed (self);

  return g_steal_pointer (&self);
}

/**
 * iss_assignments_save:
 * @self: changed assignments
 * @root: the folder they were loaded from; the caller holds its lock
 * @error: return location for an error
 *
 * Puts every change since the load on the disk by one rename. A file that is
 * not the one that was loaded (somebody edited it by hand meanwhile) is left
 * alone: %ISS_ERROR_CHANGED.
 *
 * Returns: whether the changes are on the disk
 */
gboolean
iss_assignments_save (IssAssignments  *self,
                      IssRootFolder   *root,
                      GError         **error)
{
  g_autoptr(GBytes) on_disk = NULL;
  g_autofree char *text = NULL;
  gsize size;

  g_return_val_if_fail (ISS_IS_ASSIGNMENTS (self), FALSE);
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!read_file (root, &on_disk, error))
    return FALSE;

  if ((on_disk == NULL) != (self->on_disk == NULL) ||
      (on_disk != NULL && !g_bytes_equal (on_disk, self->on_disk)))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_CHANGED,
                   _("%s/%s was changed by somebody else meanwhile. Look at it and try again"),
                   iss_root_folder_get_path (root), FILE_NAME);
      return FALSE;
    }

  text = g_key_file_to_data (self->file, &size, NULL);
  if (!iss_atomic_file_replace (iss_root_folder_get_fd (root), FILE_NAME, text, size, FILE_MODE,
                                error))
    return FALSE;

  g_clear_pointer (&self->on_disk, g_bytes_unref);
  self->on_disk = g_bytes_new (text, size);

  return TRUE;
}

/**
 * iss_assignments_get_n:
 * @self: assignments
 *
 * Returns: how many types use a certificate
 */
guint
iss_assignments_get_n (IssAssignments *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGNMENTS (self), 0);

  return self->listed->len;
}

/**
 * iss_assignments_get:
 * @self: assignments
 * @index: below iss_assignments_get_n(), in the order of the table of types
 *
 * Returns: (transfer none): what one type uses; good until @self is changed
 */
const IssAssignment *
iss_assignments_get (IssAssignments *self,
                     guint           index)
{
  g_return_val_if_fail (ISS_IS_ASSIGNMENTS (self), NULL);
  g_return_val_if_fail (index < self->listed->len, NULL);

  return g_ptr_array_index (self->listed, index);
}

/**
 * iss_assignments_find:
 * @self: assignments
 * @type: a type
 *
 * Returns: (transfer none) (nullable): what @type uses, good until @self is
 *   changed, or %NULL if it uses nothing
 */
const IssAssignment *
iss_assignments_find (IssAssignments           *self,
                      const IssCertificateType *type)
{
  g_return_val_if_fail (ISS_IS_ASSIGNMENTS (self), NULL);
  g_return_val_if_fail (type != NULL, NULL);

  for (guint i = 0; i < self->listed->len; i++)
    {
      const IssAssignment *assignment = g_ptr_array_index (self->listed, i);

      if (assignment->type == type)
        return assignment;
    }

  return NULL;
}

/**
 * iss_assignments_dup_by_certificate:
 * @self: assignments
 *
 * Turns the assignments round, for lists of certificates.
 *
 * Returns: (transfer full): a table of SHA-256 (lower-case hex) to
 *   "Type:slot,Type:slot", both owned by it
 */
GHashTable *
iss_assignments_dup_by_certificate (IssAssignments *self)
{
  g_autoptr(GHashTable) uses = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGNMENTS (self), NULL);

  uses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < self->listed->len; i++)
    {
      const IssAssignment *assignment = g_ptr_array_index (self->listed, i);

      for (guint j = 0; j < ISS_N_SLOTS; j++)
        {
          const char *sha256_hex = assignment->slot[j];
          const char *before;

          if (sha256_hex == NULL)
            continue;

          before = g_hash_table_lookup (uses, sha256_hex);
          g_hash_table_insert (uses, g_strdup (sha256_hex),
                               g_strconcat (before != NULL ? before : "",
                                            before != NULL ? "," : "",
                                            assignment->type->name, ":", slot_names[j].name,
                                            NULL));
        }
    }

  return g_steal_pointer (&uses);
}

static void
write_value (GKeyFile   *file,
             const char *group,
             const char *key,
             const char *value)
{
  if (value != NULL)
    g_key_file_set_value (file, group, key, value);
  else
    g_key_file_remove_key (file, group, key, NULL);
}

/* Counts the change and puts the values of @assignment into the parsed file,
 * beside whatever else its group holds. */
static void
write_back (IssAssignments *self,
            IssAssignment  *assignment)
{
  const char *group = assignment->type->name;
  g_autofree char *revision = NULL;
  g_autofree char *current_since = NULL;
  g_autofree char *staged_at = NULL;

  assignment->revision++;
  revision = g_strdup_printf ("%" G_GUINT64_FORMAT, assignment->revision);
  if (assignment->current_since != 0)
    current_since = iss_time_text_iso (assignment->current_since);
  if (assignment->staged_at != 0)
    staged_at = iss_time_text_iso (assignment->staged_at);

  write_value (self->file, group, "revision", revision);
  write_value (self->file, group, "scope", assignment->scope);
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    write_value (self->file, group, slot_names[i].name, assignment->slot[i]);
  write_value (self->file, group, "current-since", current_since);
  write_value (self->file, group, "staged-at", staged_at);

  update_listed (self);
}

/**
 * iss_assignments_set:
 * @self: assignments
 * @type: a type
 * @sha256_hex: the SHA-256 of a certificate, 64 lower-case hex digits
 * @now: the present instant
 * @out_changed: (out) (optional): whether that changed anything
 * @error: return location for an error
 *
 * Makes a certificate current for @type at once, on this server's own account
 * (scope "local"); what was current becomes previous, so setting what is
 * previous swaps the two. Setting what is current already changes nothing. Whether
 * the certificate suits the type is not asked here (see iss_trust_judge()).
 *
 * While one is staged this is %ISS_ERROR_REFUSED: two answers to what shall be
 * current next cannot stand side by side.
 *
 * Returns: whether @sha256_hex is current now
 */
gboolean
iss_assignments_set (IssAssignments            *self,
                     const IssCertificateType  *type,
                     const char                *sha256_hex,
                     gint64                     now,
                     gboolean                  *out_changed,
                     GError                   **error)
{
  IssAssignment *assignment;
  char *before;

  g_return_val_if_fail (ISS_IS_ASSIGNMENTS (self), FALSE);
  g_return_val_if_fail (type != NULL, FALSE);
  g_return_val_if_fail (sha256_hex != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!is_sha256_hex (sha256_hex))
    {
      g_autofree char *shown = iss_text_sanitise (sha256_hex, -1, 80);

      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is not the SHA-256 of a certificate"), shown);
      return FALSE;
    }

  assignment = lookup (self, type);

  if (assignment != NULL && assignment->slot[ISS_SLOT_STAGED] != NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                   _("Another certificate is staged for %s. Cancel it first, then assign"),
                   type->name);
      return FALSE;
    }

  if (assignment != NULL &&
      g_strcmp0 (assignment->slot[ISS_SLOT_CURRENT], sha256_hex) == 0)
    {
      if (out_changed != NULL)
        *out_changed = FALSE;
      return TRUE;
    }

  if (assignment == NULL)
    {
      assignment = g_new0 (IssAssignment, 1);
      assignment->type = type;
      g_ptr_array_add (self->all, assignment);
    }

  before = g_steal_pointer (&assignment->slot[ISS_SLOT_CURRENT]);
  assignment->slot[ISS_SLOT_CURRENT] = g_strdup (sha256_hex);

  /* With nothing to follow it the previous one stays, unless it is what is
   * current again. */
  if (before != NULL || g_strcmp0 (assignment->slot[ISS_SLOT_PREVIOUS], sha256_hex) == 0)
    {
      g_free (assignment->slot[ISS_SLOT_PREVIOUS]);
      assignment->slot[ISS_SLOT_PREVIOUS] = before;
    }

  g_free (assignment->scope);
  assignment->scope = g_strdup ("local");
  assignment->current_since = now;
  write_back (self, assignment);

  if (out_changed != NULL)
    *out_changed = TRUE;

  return TRUE;
}

/* Tokens that the previous certificate signed are about until the lifetime is
 * over, or until it expires: after that nobody accepts them. 0 = not needed now. */
static gint64
get_needed_until (const IssAssignment *assignment,
                  gint64               now,
                  gint64               not_after)
{
  gint64 until = assignment->current_since + assignment->type->token_lifetime;

  if (assignment->type->token_lifetime == 0 || assignment->current_since == 0)
    return 0;

  if (not_after != 0)
    until = MIN (until, not_after);

  return now < until ? until : 0;
}

static char *
dup_instant (gint64 instant)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();

  return iss_time_text_instant (instant, utc);
}

static gboolean
check_previous (const IssAssignment  *assignment,
                gint64                now,
                gint64                not_after,
                GError              **error)
{
  gint64 until = get_needed_until (assignment, now, not_after);
  g_autofree char *text = NULL;

  if (until == 0)
    return TRUE;

  text = dup_instant (until);
  g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
               _("The previous certificate of %s is needed until %s, to verify the tokens that it "
                 "signed. Remove it after that"), assignment->type->name, text);

  return FALSE;
}

/**
 * iss_assignments_check_set:
 * @self: assignments
 * @type: a type
 * @sha256_hex: what is going to be set, see iss_assignments_set()
 * @now: the present instant
 * @previous_not_after: when the certificate that is previous now expires; 0 = not known
 * @error: return location for an error
 *
 * There is one previous certificate: setting a new current one drops the one before. Within
 * the token lifetime of the last change that leaves tokens about that nobody can verify any
 * more, which is %ISS_ERROR_NEEDS_CONFIRMATION. Going back to the previous one drops nothing.
 *
 * Returns: whether nothing is dropped that is still needed
 */
gboolean
iss_assignments_check_set (IssAssignments            *self,
                           const IssCertificateType  *type,
                           const char                *sha256_hex,
                           gint64                     now,
                           gint64                     previous_not_after,
                           GError                   **error)
{
  const IssAssignment *assignment;
  g_autofree char *text = NULL;
  gint64 until;

  g_return_val_if_fail (ISS_IS_ASSIGNMENTS (self), FALSE);
  g_return_val_if_fail (type != NULL, FALSE);
  g_return_val_if_fail (sha256_hex != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  assignment = lookup (self, type);

  /* Without a current one the previous one stays where it is. */
  if (assignment == NULL || assignment->slot[ISS_SLOT_CURRENT] == NULL ||
      assignment->slot[ISS_SLOT_PREVIOUS] == NULL ||
      g_str_equal (assignment->slot[ISS_SLOT_CURRENT], sha256_hex) ||
      g_str_equal (assignment->slot[ISS_SLOT_PREVIOUS], sha256_hex))
    return TRUE;

  until = get_needed_until (assignment, now, previous_not_after);
  if (until == 0)
    return TRUE;

  text = dup_instant (until);
  /* Translators: a certificate type, and an instant */
  g_set_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION,
               _("The previous certificate of %s would be dropped, but it is needed until %s to "
                 "verify the tokens that it signed: wait until then, or force it and partners "
                 "refuse those tokens at once"), type->name, text);

  return FALSE;
}

/**
 * iss_assignments_remove:
 * @self: assignments
 * @type: a type
 * @slot: the slot to empty
 * @now: the present instant
 * @slot_not_after: when the certificate in the slot expires; 0 = not known
 * @force: whether a warning has been confirmed
 * @error: return location for an error
 *
 * Un-assigns one certificate. It is never deleted, and the other slots stay as
 * they are: without a current one the previous one still verifies.
 *
 * An empty slot is %ISS_ERROR_NOT_FOUND. Removing the current one, which leaves
 * the type with nothing to use, is %ISS_ERROR_NEEDS_CONFIRMATION unless @force.
 * Removing the previous one of a type that issues tokens, while there are tokens
 * that only it can verify, is %ISS_ERROR_REFUSED.
 *
 * Returns: whether the slot was emptied
 */
gboolean
iss_assignments_remove (IssAssignments            *self,
                        const IssCertificateType  *type,
                        IssSlot                    slot,
                        gint64                     now,
                        gint64                     slot_not_after,
                        gboolean                   force,
                        GError                   **error)
{
  IssAssignment *assignment;

  g_return_val_if_fail (ISS_IS_ASSIGNMENTS (self), FALSE);
  g_return_val_if_fail (type != NULL, FALSE);
  g_return_val_if_fail ((guint) slot < ISS_N_SLOTS, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  assignment = lookup (self, type);

  if (assignment == NULL || assignment->slot[slot] == NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   _("%s has no %s certificate here, so there is nothing to remove"),
                   type->name, iss_slot_get_label (slot));
      return FALSE;
    }

  if (slot == ISS_SLOT_PREVIOUS && !check_previous (assignment, now, slot_not_after, error))
    return FALSE;

  if (slot == ISS_SLOT_CURRENT && !force)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION,
                   _("%s uses this certificate now. Without it, the services that need one for %s "
                     "stop working"), type->name, type->name);
      return FALSE;
    }

  g_clear_pointer (&assignment->slot[slot], g_free);
  if (slot == ISS_SLOT_STAGED)
    {
      assignment->staged_at = 0;
      g_key_file_remove_key (self->file, type->name, "armed", NULL);
    }
  write_back (self, assignment);

  return TRUE;
}

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
  self->all = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_assignment_free);
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

      if (assignment != NULL && !iss_assignment_is_empty (assignment))
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

/* A missing text leaves what is there. */
static gboolean
read_text (GKeyFile    *file,
           const char  *path,
           const char  *group,
           const char  *key,
           gsize        max_length,
           char       **text,
           GError     **error)
{
  g_autofree char *value = g_key_file_get_value (file, group, key, NULL);

  if (value == NULL)
    return TRUE;

  if (!iss_text_is_clean (value, max_length))
    return refuse_value (path, group, key, error);

  g_free (*text);
  *text = g_steal_pointer (&value);

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
  g_autofree char *held = g_key_file_get_value (file, group, "held", NULL);

  if (!read_text (file, path, group, "scope", MAX_SCOPE_LENGTH, &assignment->scope, error) ||
      !read_text (file, path, group, "staged-typed", ISS_TRANSITION_MAX_TYPED,
                  &assignment->staged_typed, error) ||
      !read_text (file, path, group, "staged-zone", ISS_TRANSITION_MAX_ZONE,
                  &assignment->staged_zone, error))
    return FALSE;

  assignment->held = g_strcmp0 (held, "true") == 0;
  if (held != NULL && !assignment->held && !g_str_equal (held, "false"))
    return refuse_value (path, group, "held", error);

  if (revision == NULL ||
      !g_ascii_string_to_unsigned (revision, 10, 1, G_MAXINT64, &assignment->revision, NULL))
    return refuse_value (path, group, "revision", error);

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      const char *key = iss_slot_get_name ((IssSlot) i);

      assignment->slot[i] = g_key_file_get_value (file, group, key, NULL);
      if (assignment->slot[i] != NULL && !is_sha256_hex (assignment->slot[i]))
        return refuse_value (path, group, key, error);
    }

  if (!read_instant (file, path, group, "current-since", &assignment->current_since, error) ||
      !read_instant (file, path, group, "staged-at", &assignment->staged_at, error))
    return FALSE;

  /* Without its instant a staged certificate would roll at once. */
  if ((assignment->slot[ISS_SLOT_STAGED] != NULL) != (assignment->staged_at != 0))
    return refuse_value (path, group, "staged-at", error);

  return TRUE;
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

      assignment = iss_assignment_new (type);
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
                                            assignment->type->name, ":",
                                            iss_slot_get_name ((IssSlot) j), NULL));
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

static void
write_instant (GKeyFile   *file,
               const char *group,
               const char *key,
               gint64      instant)
{
  g_autofree char *text = instant != 0 ? iss_time_text_iso (instant) : NULL;

  write_value (file, group, key, text);
}

/* Counts the change and puts the values of @assignment into the parsed file,
 * beside whatever else its group holds. */
static void
write_back (IssAssignments *self,
            IssAssignment  *assignment)
{
  const char *group = assignment->type->name;
  g_autofree char *revision = NULL;

  assignment->revision++;
  revision = g_strdup_printf ("%" G_GUINT64_FORMAT, assignment->revision);

  write_value (self->file, group, "revision", revision);
  write_value (self->file, group, "scope", assignment->scope);
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    write_value (self->file, group, iss_slot_get_name ((IssSlot) i), assignment->slot[i]);
  write_instant (self->file, group, "current-since", assignment->current_since);
  write_instant (self->file, group, "staged-at", assignment->staged_at);
  write_value (self->file, group, "staged-typed", assignment->staged_typed);
  write_value (self->file, group, "staged-zone", assignment->staged_zone);
  write_value (self->file, group, "held", assignment->held ? "true" : NULL);

  update_listed (self);
}

/**
 * iss_assignments_change:
 * @self: assignments
 * @type: a type
 * @transition: a change that iss_transition_judge() does not refuse
 *
 * Makes one change, in memory. Whether it may be made is not asked here.
 *
 * Returns: whether that changed anything
 */
gboolean
iss_assignments_change (IssAssignments            *self,
                        const IssCertificateType  *type,
                        const IssTransition       *transition)
{
  g_autoptr(IssAssignment) fresh = NULL;
  IssAssignment *assignment;

  g_return_val_if_fail (ISS_IS_ASSIGNMENTS (self), FALSE);
  g_return_val_if_fail (type != NULL, FALSE);
  g_return_val_if_fail (transition != NULL, FALSE);

  assignment = lookup (self, type);
  if (assignment == NULL)
    assignment = fresh = iss_assignment_new (type);

  if (!iss_transition_apply (assignment, transition))
    return FALSE;

  if (fresh != NULL)
    g_ptr_array_add (self->all, g_steal_pointer (&fresh));
  write_back (self, assignment);

  return TRUE;
}

static gboolean
is_same (const IssAssignment *one,
         const IssAssignment *other)
{
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    if (g_strcmp0 (one->slot[i], other->slot[i]) != 0)
      return FALSE;

  return one->staged_at == other->staged_at && one->held == other->held &&
         g_str_equal (one->scope, other->scope);
}

/**
 * iss_assignments_adopt:
 * @self: assignments
 * @wanted: what its type shall use; all of it but the revision
 *
 * Makes every slot of a type as somebody else has decided, in memory. Whether it may be made is
 * not asked here.
 *
 * Returns: whether that changed anything
 */
gboolean
iss_assignments_adopt (IssAssignments      *self,
                       const IssAssignment *wanted)
{
  IssAssignment *before, *copy;

  g_return_val_if_fail (ISS_IS_ASSIGNMENTS (self), FALSE);
  g_return_val_if_fail (wanted != NULL, FALSE);

  before = lookup (self, wanted->type);
  if (before != NULL && is_same (before, wanted))
    return FALSE;

  copy = iss_assignment_copy (wanted);
  copy->revision = before != NULL ? before->revision : 0;
  if (before != NULL)
    g_ptr_array_remove (self->all, before);
  g_ptr_array_add (self->all, copy);
  write_back (self, copy);

  return TRUE;
}

/* What refuses, as an error; warnings are for those who can be asked. */
static gboolean
check (IssAssignments            *self,
       const IssCertificateType  *type,
       const IssTransition       *transition,
       GError                   **error)
{
  g_autoptr(GPtrArray) findings = iss_transition_judge (lookup (self, type), type, transition);

  for (guint i = 0; i < findings->len; i++)
    {
      const IssFinding *finding = g_ptr_array_index (findings, i);

      if (finding->severity == ISS_FINDING_ERROR)
        {
          g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED, finding->text);
          return FALSE;
        }
    }

  return TRUE;
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
 * Makes a certificate current for @type at once; see %ISS_TRANSITION_SET. Nothing is known here
 * of how long the certificates are valid, and nobody is asked.
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
  IssTransition transition = { .kind = ISS_TRANSITION_SET, .sha256_hex = sha256_hex, .now = now };
  gboolean changed;

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

  if (!check (self, type, &transition, error))
    return FALSE;

  changed = iss_assignments_change (self, type, &transition);
  if (out_changed != NULL)
    *out_changed = changed;

  return TRUE;
}

/**
 * iss_assignments_roll:
 * @self: assignments
 * @type: a type
 * @now: the present instant
 * @error: return location for an error
 *
 * Makes the staged certificate current; see %ISS_TRANSITION_ROLL. %ISS_ERROR_REFUSED when none
 * is staged, or it is not due, or held.
 *
 * Returns: whether it was rolled
 */
gboolean
iss_assignments_roll (IssAssignments            *self,
                      const IssCertificateType  *type,
                      gint64                     now,
                      GError                   **error)
{
  IssTransition transition = { .kind = ISS_TRANSITION_ROLL, .now = now };

  g_return_val_if_fail (ISS_IS_ASSIGNMENTS (self), FALSE);
  g_return_val_if_fail (type != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return check (self, type, &transition, error) &&
         iss_assignments_change (self, type, &transition);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/replica.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/formats/seal.h"

#define FOLDER "replica"
#define KEY_NAME "key.pem"
#define CERTIFICATE_NAME "certificate.der"
#define ADMINISTRATORS_NAME "administrators.p7s"
#define ACCEPTED_NAME "accepted.conf"
#define PACKAGE_SUFFIX ".package"

#define SECRET_MODE 0600
#define MAX_KEY_SIZE (16 * 1024)
#define MAX_CERTIFICATE_SIZE (16 * 1024)
#define MAX_ACCEPTED_SIZE (256 * 1024)

struct _IssReplica
{
  GObject            parent_instance;

  /* Owned */
  IssRootFolder     *root;
  IssCertificate    *certificate;      /* (nullable) */
  IssAdministrators *administrators;   /* (nullable) */
  GPtrArray         *accepted;         /* IssAccepted */
};

G_DEFINE_FINAL_TYPE (IssReplica, iss_replica, G_TYPE_OBJECT)

static void
accepted_free (IssAccepted *accepted)
{
  g_free (accepted->sha256_hex);
  g_free (accepted);
}

static void
iss_replica_finalize (GObject *object)
{
  IssReplica *self = ISS_REPLICA (object);

  g_clear_object (&self->root);
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->administrators, iss_administrators_free);
  g_clear_pointer (&self->accepted, g_ptr_array_unref);

  G_OBJECT_CLASS (iss_replica_parent_class)->finalize (object);
}

static void
iss_replica_class_init (IssReplicaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_replica_finalize;
}

static void
iss_replica_init (IssReplica *self)
{
  self->accepted = g_ptr_array_new_with_free_func ((GDestroyNotify) accepted_free);
}

/* A file that is not there is no error: then there is nothing. */
static gboolean
read_file (IssReplica  *self,
           const char  *name,
           gsize        limit,
           GBytes     **out_bytes,
           GError     **error)
{
  int folder = iss_root_folder_open_folder (self->root, FOLDER, error);
  g_autoptr(GError) local_error = NULL;

  if (folder < 0)
    return FALSE;

  *out_bytes = iss_atomic_file_read (folder, name, limit, &local_error);
  close (folder);
  if (*out_bytes != NULL || g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    return TRUE;

  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "%s/" FOLDER ": ",
                              iss_root_folder_get_path (self->root));

  return FALSE;
}

static gboolean
write_file (IssReplica     *self,
            const char     *name,
            gconstpointer   data,
            gsize           size,
            GError        **error)
{
  int folder = iss_root_folder_open_folder (self->root, FOLDER, error);
  gboolean written;

  if (folder < 0)
    return FALSE;

  written = iss_atomic_file_replace (folder, name, data, size, SECRET_MODE, error);
  close (folder);

  return written;
}

static gboolean
write_bytes (IssReplica  *self,
             const char  *name,
             GBytes      *bytes,
             GError     **error)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  return write_file (self, name, data, size, error);
}

static gboolean
refuse_accepted (IssReplica  *self,
                 const char  *group,
                 GError     **error)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
               _("%s/" FOLDER "/" ACCEPTED_NAME ", group [%s] is damaged: which packages were "
                 "accepted is not known, so none is taken. Restore the file from a backup"),
               iss_root_folder_get_path (self->root), group);

  return FALSE;
}

/* Not knowing what was accepted would be to accept anything old. */
static gboolean
read_group (IssReplica  *self,
            GKeyFile    *file,
            const char  *group,
            GError     **error)
{
  const IssCertificateType *type = iss_certificate_type_find (group);
  g_autofree char *revision = g_key_file_get_value (file, group, "revision", NULL);
  g_autofree char *package = g_key_file_get_value (file, group, "package", NULL);
  g_autofree char *at = g_key_file_get_value (file, group, "at", NULL);
  IssAccepted *accepted;

  if (type == NULL || !g_str_equal (type->name, group) || revision == NULL || package == NULL ||
      at == NULL || strlen (package) != 2 * ISS_SHA256_SIZE)
    return refuse_accepted (self, group, error);

  accepted = g_new0 (IssAccepted, 1);
  g_ptr_array_add (self->accepted, accepted);
  accepted->type = type;
  accepted->sha256_hex = g_steal_pointer (&package);
  accepted->deployed = g_key_file_get_boolean (file, group, "deployed", NULL);
  accepted->armed = g_key_file_get_boolean (file, group, "armed", NULL);

  return (g_ascii_string_to_unsigned (revision, 10, 1, G_MAXINT64, &accepted->revision, NULL) &&
          iss_time_text_parse (at, &accepted->at, NULL)) ||
         refuse_accepted (self, group, error);
}

static gboolean
read_accepted (IssReplica  *self,
               GError     **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_auto(GStrv) groups = NULL;

  if (!read_file (self, ACCEPTED_NAME, MAX_ACCEPTED_SIZE, &bytes, error))
    return FALSE;

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return bytes == NULL || refuse_accepted (self, "", error);

  if (!g_key_file_load_from_bytes (file, bytes, G_KEY_FILE_NONE, NULL))
    return refuse_accepted (self, "", error);

  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    if (!read_group (self, file, groups[i], error))
      return FALSE;

  return TRUE;
}

static gboolean
write_accepted (IssReplica  *self,
                GError     **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL;
  gsize size;

  for (guint i = 0; i < self->accepted->len; i++)
    {
      const IssAccepted *accepted = g_ptr_array_index (self->accepted, i);
      g_autofree char *at = iss_time_text_iso (accepted->at);

      g_key_file_set_uint64 (file, accepted->type->name, "revision", accepted->revision);
      g_key_file_set_value (file, accepted->type->name, "package", accepted->sha256_hex);
      g_key_file_set_value (file, accepted->type->name, "at", at);
      g_key_file_set_boolean (file, accepted->type->name, "deployed", accepted->deployed);
      g_key_file_set_boolean (file, accepted->type->name, "armed", accepted->armed);
    }

  text = g_key_file_to_data (file, &size, NULL);

  return write_file (self, ACCEPTED_NAME, text, size, error);
}

static gboolean
read_certificate (IssReplica  *self,
                  GError     **error)
{
  g_autoptr(GBytes) der = NULL;

  if (!read_file (self, CERTIFICATE_NAME, MAX_CERTIFICATE_SIZE, &der, error))
    return FALSE;

  if (der != NULL)
    self->certificate = iss_certificate_new_from_der (der, error);

  return der == NULL || self->certificate != NULL;
}

static gboolean
read_administrators (IssReplica  *self,
                     GError     **error)
{
  g_autoptr(GBytes) message = NULL;

  if (!read_file (self, ADMINISTRATORS_NAME, ISS_ADMINISTRATORS_MAX_SIZE, &message, error))
    return FALSE;

  if (message != NULL)
    self->administrators = iss_administrators_read (message, error);

  return message == NULL || self->administrators != NULL;
}

/**
 * iss_replica_load:
 * @root: a server's folder
 * @error: return location for an error: something there is damaged, and nothing is taken
 *
 * Returns: (transfer full): the server's half of replication, enrolled or not
 */
IssReplica *
iss_replica_load (IssRootFolder  *root,
                  GError        **error)
{
  g_autoptr(IssReplica) self = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (ISS_TYPE_REPLICA, NULL);
  self->root = g_object_ref (root);
  if (!read_certificate (self, error) || !read_administrators (self, error) ||
      !read_accepted (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * iss_replica_get_certificate:
 * @self: a replica
 *
 * Returns: (transfer none) (nullable): what packages for this server are sealed to; %NULL: it is
 *   not enrolled
 */
IssCertificate *
iss_replica_get_certificate (IssReplica *self)
{
  g_return_val_if_fail (ISS_IS_REPLICA (self), NULL);

  return self->certificate;
}

/**
 * iss_replica_get_administrators:
 * @self: a replica
 *
 * Returns: (transfer none) (nullable): whose packages it takes; %NULL: nobody's
 */
const IssAdministrators *
iss_replica_get_administrators (IssReplica *self)
{
  g_return_val_if_fail (ISS_IS_REPLICA (self), NULL);

  return self->administrators;
}

/**
 * iss_replica_get_n_accepted:
 * @self: a replica
 *
 * Returns: of how many types it has accepted a package
 */
guint
iss_replica_get_n_accepted (IssReplica *self)
{
  g_return_val_if_fail (ISS_IS_REPLICA (self), 0);

  return self->accepted->len;
}

/**
 * iss_replica_get_accepted:
 * @self: a replica
 * @index: below iss_replica_get_n_accepted()
 *
 * Returns: (transfer none): what it has accepted of one type, good until @self is changed
 */
const IssAccepted *
iss_replica_get_accepted (IssReplica *self,
                          guint       index)
{
  g_return_val_if_fail (ISS_IS_REPLICA (self), NULL);
  g_return_val_if_fail (index < self->accepted->len, NULL);

  return g_ptr_array_index (self->accepted, index);
}

/**
 * iss_replica_find_accepted:
 * @self: a replica
 * @type: a type
 *
 * Returns: (transfer none) (nullable): what it has accepted of @type
 */
const IssAccepted *
iss_replica_find_accepted (IssReplica               *self,
                           const IssCertificateType *type)
{
  g_return_val_if_fail (ISS_IS_REPLICA (self), NULL);

  for (guint i = 0; i < self->accepted->len; i++)
    {
      const IssAccepted *accepted = g_ptr_array_index (self->accepted, i);

      if (accepted->type == type)
        return accepted;
    }

  return NULL;
}

/* Straight into locked memory. */
static IssSecret *
read_key (IssReplica  *self,
          GError     **error)
{
  int folder = iss_root_folder_open_folder (self->root, FOLDER, error);
  IssSecret *pem = NULL;
  int fd;

  if (folder < 0)
    return NULL;

  fd = openat (folder, KEY_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0)
    iss_error_set_from_errno (error, errno, _("The file “%s” cannot be read"), KEY_NAME);
  else
    pem = iss_secret_read_fd (fd, MAX_KEY_SIZE, KEY_NAME, error);

  if (fd >= 0)
    close (fd);
  close (folder);

  return pem;
}

/**
 * iss_replica_load_key:
 * @self: a replica that is enrolled
 * @error: return location for an error
 *
 * Returns: (transfer full): the key that opens what is sealed to this server
 */
IssPrivateKey *
iss_replica_load_key (IssReplica  *self,
                      GError     **error)
{
  g_autoptr(IssSecret) pem = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (ISS_IS_REPLICA (self), NULL);

  pem = read_key (self, &local_error);
  if (pem == NULL && !g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (pem != NULL)
    {
      key = iss_private_key_new_from_pem (pem, error);
      if (key == NULL)
        return NULL;
    }

  if (key == NULL || self->certificate == NULL ||
      !iss_private_key_matches (key, self->certificate))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   _("The key that opens packages is missing in %s/" FOLDER ": enrol the server "
                     "again"), iss_root_folder_get_path (self->root));
      return NULL;
    }

  return g_steal_pointer (&key);
}

static char *
dup_package_name (const IssCertificateType *type)
{
  return g_strconcat (type->name, PACKAGE_SUFFIX, NULL);
}

/**
 * iss_replica_load_package:
 * @self: a replica
 * @type: a type of which a package was accepted
 * @error: return location for an error: as of iss_package_verify(), also when its administrator
 *   is none any more; %ISS_ERROR_NOT_FOUND when it is not the one that was accepted
 *
 * Returns: (transfer full): that package
 */
IssPackage *
iss_replica_load_package (IssReplica                *self,
                          const IssCertificateType  *type,
                          GError                   **error)
{
  const IssAccepted *accepted = iss_replica_find_accepted (self, type);
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *name = dup_package_name (type);
  g_autofree char *hex = NULL;

  g_return_val_if_fail (ISS_IS_REPLICA (self), NULL);

  if (!read_file (self, name, ISS_PACKAGE_MAX_SIZE, &bytes, error))
    return NULL;

  hex = bytes != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;
  if (accepted == NULL || self->administrators == NULL ||
      g_strcmp0 (hex, accepted->sha256_hex) != 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   _("The package of %s that was accepted is not in %s/" FOLDER " any more: let it "
                     "be delivered again"), type->name, iss_root_folder_get_path (self->root));
      return NULL;
    }

  return iss_package_verify (bytes, self->administrators->certificates, error);
}

/**
 * iss_replica_enroll:
 * @self: a replica; the caller holds the writers' lock
 * @error: return location for an error
 *
 * Makes the key that packages for this server are sealed to, unless there is one.
 *
 * Returns: whether it is there
 */
gboolean
iss_replica_enroll (IssReplica  *self,
                    GError     **error)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssSecret) pem = NULL;
  gconstpointer data;
  gsize size;

  g_return_val_if_fail (ISS_IS_REPLICA (self), FALSE);

  key = self->certificate != NULL ? iss_replica_load_key (self, NULL) : NULL;
  if (key != NULL)
    return TRUE;

  certificate = iss_seal_make_recipient (&key, error);
  pem = certificate != NULL ? iss_private_key_dup_pem (key, error) : NULL;
  if (pem == NULL)
    return FALSE;

  data = iss_secret_get_data (pem, &size);
  if (!write_file (self, KEY_NAME, data, size, error) ||
      !write_bytes (self, CERTIFICATE_NAME, iss_certificate_get_der (certificate), error))
    return FALSE;

  g_set_object (&self->certificate, certificate);

  return TRUE;
}

/**
 * iss_replica_pin:
 * @self: a replica; the caller holds the writers' lock
 * @message: a signed set of administrators, from outside
 * @error: return location for an error, as of iss_administrators_verify()
 *
 * Takes packages of these administrators, and of nobody else, from now on.
 *
 * Returns: whether it does; the set that holds already is no error
 */
gboolean
iss_replica_pin (IssReplica  *self,
                 GBytes      *message,
                 GError     **error)
{
  g_autoptr(IssAdministrators) administrators = NULL;
  g_autoptr(GBytes) held = NULL;

  g_return_val_if_fail (ISS_IS_REPLICA (self), FALSE);
  g_return_val_if_fail (message != NULL, FALSE);

  if (!read_file (self, ADMINISTRATORS_NAME, ISS_ADMINISTRATORS_MAX_SIZE, &held, error))
    return FALSE;

  if (held != NULL && g_bytes_equal (held, message))
    return TRUE;

  administrators = iss_administrators_verify (message, self->administrators, error);
  if (administrators == NULL || !write_bytes (self, ADMINISTRATORS_NAME, message, error))
    return FALSE;

  g_clear_pointer (&self->administrators, iss_administrators_free);
  self->administrators = g_steal_pointer (&administrators);

  return TRUE;
}

static IssAccepted *
ensure_accepted (IssReplica               *self,
                 const IssCertificateType *type)
{
  IssAccepted *accepted = (IssAccepted *) iss_replica_find_accepted (self, type);

  if (accepted != NULL)
    return accepted;

  accepted = g_new0 (IssAccepted, 1);
  accepted->type = type;
  g_ptr_array_add (self->accepted, accepted);

  return accepted;
}

/**
 * iss_replica_accept:
 * @self: a replica; the caller holds the writers' lock
 * @package: a package that was checked to be for this server and newer, and of which every key
 *   could be opened
 * @now: seconds since 1970
 * @error: return location for an error: then it is not accepted
 *
 * Keeps the package, so that nothing of its revision or older is ever accepted again, whatever
 * becomes of acting upon it.
 *
 * Returns: whether it is on the disk
 */
gboolean
iss_replica_accept (IssReplica  *self,
                    IssPackage  *package,
                    gint64       now,
                    GError     **error)
{
  const IssManifest *manifest = iss_package_get_manifest (package);
  GBytes *bytes = iss_package_get_bytes (package);
  g_autofree char *name = dup_package_name (manifest->type);
  IssAccepted *accepted;

  g_return_val_if_fail (ISS_IS_REPLICA (self), FALSE);

  /* The package before its revision: cut off in between, it is delivered again. */
  if (!write_bytes (self, name, bytes, error))
    return FALSE;

  accepted = ensure_accepted (self, manifest->type);
  accepted->revision = manifest->revision;
  g_free (accepted->sha256_hex);
  accepted->sha256_hex = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  accepted->at = now;
  accepted->deployed = FALSE;
  accepted->armed = FALSE;

  return write_accepted (self, error);
}

/**
 * iss_replica_note_deployed:
 * @self: a replica; the caller holds the writers' lock
 * @type: a type of which a package was accepted
 * @error: return location for an error
 *
 * Returns: whether it is on the disk that the package was acted upon
 */
gboolean
iss_replica_note_deployed (IssReplica                *self,
                           const IssCertificateType  *type,
                           GError                   **error)
{
  IssAccepted *accepted;

  g_return_val_if_fail (ISS_IS_REPLICA (self), FALSE);

  accepted = (IssAccepted *) iss_replica_find_accepted (self, type);
  g_return_val_if_fail (accepted != NULL, FALSE);

  if (accepted->deployed)
    return TRUE;

  accepted->deployed = TRUE;

  return write_accepted (self, error);
}

/**
 * iss_replica_note_armed:
 * @self: a replica; the caller holds the writers' lock
 * @type: a type of which a package was accepted
 * @error: return location for an error
 *
 * Returns: whether it is on the disk that what the package has staged was armed
 */
gboolean
iss_replica_note_armed (IssReplica                *self,
                        const IssCertificateType  *type,
                        GError                   **error)
{
  IssAccepted *accepted;

  g_return_val_if_fail (ISS_IS_REPLICA (self), FALSE);

  accepted = (IssAccepted *) iss_replica_find_accepted (self, type);
  g_return_val_if_fail (accepted != NULL, FALSE);

  if (accepted->armed)
    return TRUE;

  accepted->armed = TRUE;

  return write_accepted (self, error);
}

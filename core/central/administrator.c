/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/administrator.h"

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/central/token-signer.h"
#include "core/certificate/self-issued.h"
#include "core/formats/pem-key.h"
#include "core/formats/pem.h"
#include "core/store/token-uri.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* The private key, or the URI of one in a token on the first line, and its certificate in one
 * file, so that they are there both or not at all. */
#define KEY_FILE "key.pem"

/* The certificate alone, to be given to whoever verifies. */
#define CERTIFICATE_FILE "certificate.pem"

#define MAX_FILE (256 * 1024)

/**
 * IssAdministrator:
 *
 * The key with which an administrator signs: roll records, packages, and what arms a roll.
 *
 * It lies in a folder of the administrator's, protected by a passphrase, and its certificate
 * beside it; or it is in a token (PKCS#11), and in the file is only which. Nobody vouches for the
 * certificate: who verifies has been given it, and pins it.
 */
struct _IssAdministrator
{
  GObject         parent_instance;

  /* Owned */
  char           *folder;
  char           *key_path;
  char           *certificate_path;
  char           *key_uri;            /* (nullable) */
  IssCertificate *certificate;
};

G_DEFINE_FINAL_TYPE (IssAdministrator, iss_administrator, G_TYPE_OBJECT)

static void
iss_administrator_finalize (GObject *object)
{
  IssAdministrator *self = ISS_ADMINISTRATOR (object);

  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->key_path, g_free);
  g_clear_pointer (&self->certificate_path, g_free);
  g_clear_pointer (&self->key_uri, g_free);
  g_clear_object (&self->certificate);

  G_OBJECT_CLASS (iss_administrator_parent_class)->finalize (object);
}

static void
iss_administrator_class_init (IssAdministratorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_administrator_finalize;
}

static void
iss_administrator_init (IssAdministrator *self)
{
}

static IssAdministrator *
new_for (const char     *folder,
         IssCertificate *certificate,
         const char     *key_uri)
{
  IssAdministrator *self = g_object_new (ISS_TYPE_ADMINISTRATOR, NULL);

  self->folder = g_strdup (folder);
  self->key_path = g_build_filename (folder, KEY_FILE, NULL);
  self->certificate_path = g_build_filename (folder, CERTIFICATE_FILE, NULL);
  self->certificate = g_object_ref (certificate);
  self->key_uri = g_strdup (key_uri);

  return self;
}

static int
open_folder (const char  *folder,
             GError     **error)
{
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd < 0 && errno == ENOENT)
    g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                 _("There is no administrator’s key in %s yet"), folder);
  else if (fd < 0)
    iss_error_set_from_errno (error, errno, _("%s cannot be opened"), folder);

  return fd;
}

static GBytes *
read_key_file (const char  *folder,
               GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  GBytes *bytes;
  int fd = open_folder (folder, error);

  if (fd < 0)
    return NULL;

  bytes = iss_atomic_file_read (fd, KEY_FILE, MAX_FILE, &local_error);
  close (fd);

  if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                 _("There is no administrator’s key in %s yet"), folder);
  else if (local_error != NULL)
    g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "%s/%s: ", folder, KEY_FILE);

  return bytes;
}

/* The certificate is what others need: if it cannot be written, there is no key either. */
static gboolean
write_files (int              fd,
             IssCertificate  *certificate,
             GBytes          *key,
             GError         **error)
{
  g_autofree char *pem = iss_certificate_dup_pem (certificate);
  g_autoptr(GByteArray) both = g_byte_array_new ();

  g_byte_array_append (both, g_bytes_get_data (key, NULL), (guint) g_bytes_get_size (key));
  g_byte_array_append (both, (const guint8 *) pem, (guint) strlen (pem));

  if (!iss_atomic_file_create (fd, KEY_FILE, both->data, both->len, 0600, error))
    return FALSE;

  if (iss_atomic_file_replace (fd, CERTIFICATE_FILE, pem, strlen (pem), 0644, error))
    return TRUE;

  iss_atomic_file_remove (fd, KEY_FILE, NULL);

  return FALSE;
}

static void
set_exists_error (const char  *folder,
                  GError     **error)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_EXISTS,
               _("There is an administrator’s key in %s already: what was signed with it can be "
                 "verified only as long as its certificate is kept"), folder);
}

/* Whose key it is decides what signs: one that is there is never replaced. */
static gboolean
store (const char      *folder,
       IssCertificate  *certificate,
       GBytes          *key,
       GError         **error)
{
  g_autoptr(GError) local_error = NULL;
  gboolean stored;
  int fd;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The folder %s cannot be made"), folder);
      return FALSE;
    }

  fd = open_folder (folder, error);
  if (fd < 0)
    return FALSE;

  stored = write_files (fd, certificate, key, &local_error);
  close (fd);

  if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_EXISTS))
    set_exists_error (folder, error);
  else if (local_error != NULL)
    g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "%s: ", folder);

  return stored;
}

/* (nullable): the key itself is in the file */
static char *
dup_key_uri (const char *text,
             gsize       size)
{
  const char *end = memchr (text, '\n', size);
  g_autofree char *line = end != NULL ? g_strndup (text, (gsize) (end - text)) : NULL;

  return line != NULL && g_str_has_prefix (line, "pkcs11:")
    ? iss_token_uri_normalise (line, NULL) : NULL;
}

/* What a worker gets: a copy of what was asked for. */
typedef struct
{
  char      *folder;
  char      *name;
  IssSecret *passphrase;
  gint64     now;
} Making;

static void
making_free (Making *making)
{
  g_free (making->folder);
  g_free (making->name);
  iss_secret_unref (making->passphrase);
  g_free (making);
}

static void
make_worker (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  const Making *making = task_data;
  g_autoptr(GError) error = NULL;
  IssAdministrator *self;

  self = iss_administrator_make (making->folder, making->name, making->passphrase, making->now,
                                 &error);
  if (self == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, self, g_object_unref);
}

static void
unlock_worker (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  IssPrivateKey *key = iss_administrator_unlock (source_object, task_data, &error);

  if (key == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, key, g_object_unref);
}

/**
 * iss_administrator_open:
 * @folder: where the key is
 * @error: return location for an error
 *
 * Reads the certificate. The key stays locked.
 *
 * Errors: %ISS_ERROR_NOT_FOUND if none was made yet, %ISS_ERROR_MALFORMED.
 *
 * Returns: (transfer full): the administrator
 */
IssAdministrator *
iss_administrator_open (const char  *folder,
                        GError     **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) der = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autofree char *key_uri = NULL;
  const char *text;
  gsize size;

  g_return_val_if_fail (folder != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  bytes = read_key_file (folder, error);
  if (bytes == NULL)
    return NULL;

  text = g_bytes_get_data (bytes, &size);
  der = iss_pem_first_certificate (text, size);
  if (der != NULL)
    certificate = iss_certificate_new_from_der (der, NULL);

  if (certificate == NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("%s/%s does not hold the administrator’s certificate: bring back the file "
                     "from a backup"), folder, KEY_FILE);
      return NULL;
    }

  key_uri = dup_key_uri (text, size);

  return new_for (folder, certificate, key_uri);
}

/**
 * iss_administrator_make:
 * @folder: where to put the key; it is made if it is not there
 * @name: whose it is, such as "alice@laptop"
 * @passphrase: what protects it, not empty
 * @now: the time
 * @error: return location for an error
 *
 * Makes a P-256 key and its certificate, and puts both in @folder. It takes about a third of a
 * second. One that is there already is never replaced.
 *
 * Errors: %ISS_ERROR_EXISTS, %ISS_ERROR_INVALID_ARGUMENT for an empty passphrase or name, or
 * why the folder cannot be written.
 *
 * Returns: (transfer full): the administrator
 */
IssAdministrator *
iss_administrator_make (const char  *folder,
                        const char  *name,
                        IssSecret   *passphrase,
                        gint64       now,
                        GError     **error)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GBytes) locked = NULL;

  g_return_val_if_fail (folder != NULL && name != NULL && passphrase != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (*name == '\0' || !g_utf8_validate (name, -1, NULL) ||
      g_utf8_strlen (name, -1) > ISS_ADMINISTRATOR_MAX_NAME)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("The administrator’s name has 1 to %d characters"),
                   ISS_ADMINISTRATOR_MAX_NAME);
      return NULL;
    }

  certificate = iss_self_issued_make (name, now, "critical,digitalSignature", &key, error);
  if (certificate == NULL)
    return NULL;

  locked = iss_pem_key_write (key, passphrase, error);
  if (locked == NULL || !store (folder, certificate, locked, error))
    return NULL;

  return new_for (folder, certificate, NULL);
}

/**
 * iss_administrator_make_async:
 * @folder: where to put the key
 * @name: whose it is
 * @passphrase: what protects it
 * @now: the time
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is made
 * @user_data: data for @callback
 *
 * Like iss_administrator_make(), in a worker.
 */
void
iss_administrator_make_async (const char          *folder,
                              const char          *name,
                              IssSecret           *passphrase,
                              gint64               now,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Making *making = g_new0 (Making, 1);

  g_task_set_source_tag (task, iss_administrator_make_async);
  /* The file is there or not, whatever became of who asked for it. */
  g_task_set_check_cancellable (task, FALSE);

  making->folder = g_strdup (folder);
  making->name = g_strdup (name);
  making->passphrase = iss_secret_ref (passphrase);
  making->now = now;
  g_task_set_task_data (task, making, (GDestroyNotify) making_free);
  g_task_run_in_thread (task, make_worker);
}

/**
 * iss_administrator_make_finish:
 * @result: the result
 * @error: return location for an error
 *
 * Returns: (transfer full): the administrator, or %NULL with @error set
 */
IssAdministrator *
iss_administrator_make_finish (GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * iss_administrator_check_none:
 * @folder: where a key shall be
 * @error: return location for an error: %ISS_ERROR_EXISTS
 *
 * Nobody needs to choose a passphrase or type a PIN for a key that cannot be kept.
 *
 * Returns: whether there is none yet
 */
gboolean
iss_administrator_check_none (const char  *folder,
                              GError     **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (folder != NULL, FALSE);

  path = g_build_filename (folder, KEY_FILE, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  set_exists_error (folder, error);

  return FALSE;
}

/**
 * iss_administrator_adopt:
 * @folder: where to note it; it is made if it is not there
 * @certificate: the administrator's
 * @key_uri: a pkcs11: URI of its private key
 * @pin: (nullable): the token's PIN, as of iss_token_signer_new(); it is stored nowhere
 * @error: return location for an error
 *
 * Notes, instead of making a key, in which token it is; the token has to sign before. One that is
 * there already is never replaced.
 *
 * Errors: %ISS_ERROR_EXISTS, as of iss_token_uri_normalise() and iss_token_signer_new(), or why
 * the folder cannot be written.
 *
 * Returns: (transfer full): the administrator
 */
IssAdministrator *
iss_administrator_adopt (const char      *folder,
                         IssCertificate  *certificate,
                         const char      *key_uri,
                         IssSecret       *pin,
                         GError         **error)
{
  g_autofree char *uri = NULL;
  g_autofree char *line = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (folder != NULL && key_uri != NULL, NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!iss_administrator_check_none (folder, error))
    return NULL;

  uri = iss_token_uri_normalise (key_uri, error);
  key = uri != NULL ? iss_token_signer_new (certificate, uri, pin, error) : NULL;
  if (key == NULL)
    return NULL;

  line = g_strconcat (uri, "\n", NULL);
  bytes = g_bytes_new (line, strlen (line));
  if (!store (folder, certificate, bytes, error))
    return NULL;

  return new_for (folder, certificate, uri);
}

/**
 * iss_administrator_get_certificate:
 * @self: an administrator
 *
 * Returns: (transfer none): what others pin
 */
IssCertificate *
iss_administrator_get_certificate (IssAdministrator *self)
{
  g_return_val_if_fail (ISS_IS_ADMINISTRATOR (self), NULL);

  return self->certificate;
}

/**
 * iss_administrator_get_name:
 * @self: an administrator
 *
 * Returns: (transfer none): whose key it is
 */
const char *
iss_administrator_get_name (IssAdministrator *self)
{
  g_return_val_if_fail (ISS_IS_ADMINISTRATOR (self), NULL);

  return iss_certificate_get_issued_to (self->certificate);
}

/**
 * iss_administrator_get_key_path:
 * @self: an administrator
 *
 * Returns: (transfer none): the file with the locked key
 */
const char *
iss_administrator_get_key_path (IssAdministrator *self)
{
  g_return_val_if_fail (ISS_IS_ADMINISTRATOR (self), NULL);

  return self->key_path;
}

/**
 * iss_administrator_get_key_uri:
 * @self: an administrator
 *
 * Returns: (transfer none) (nullable): the pkcs11: URI of the key; %NULL if it is in the file
 */
const char *
iss_administrator_get_key_uri (IssAdministrator *self)
{
  g_return_val_if_fail (ISS_IS_ADMINISTRATOR (self), NULL);

  return self->key_uri;
}

/**
 * iss_administrator_get_certificate_path:
 * @self: an administrator
 *
 * Returns: (transfer none): the file with the certificate alone, to be given to others
 */
const char *
iss_administrator_get_certificate_path (IssAdministrator *self)
{
  g_return_val_if_fail (ISS_IS_ADMINISTRATOR (self), NULL);

  return self->certificate_path;
}

/**
 * iss_administrator_unlock:
 * @self: an administrator
 * @passphrase: (nullable): what protects the key; the PIN of a token, as of
 *   iss_token_signer_new()
 * @error: return location for an error
 *
 * Takes about a third of a second.
 *
 * Errors: %ISS_ERROR_WRONG_PASSWORD, %ISS_ERROR_MALFORMED if the file does not hold the key of
 * the certificate; as of iss_token_signer_new().
 *
 * Returns: (transfer full): the private key, for iss_signed_data_sign()
 */
IssPrivateKey *
iss_administrator_unlock (IssAdministrator  *self,
                          IssSecret         *passphrase,
                          GError           **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IssBundle) bundle = NULL;
  IssPrivateKey *key = NULL;

  g_return_val_if_fail (ISS_IS_ADMINISTRATOR (self), NULL);
  g_return_val_if_fail (passphrase != NULL || self->key_uri != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (self->key_uri != NULL)
    return iss_token_signer_new (self->certificate, self->key_uri, passphrase, error);

  bytes = read_key_file (self->folder, error);
  if (bytes == NULL)
    return NULL;

  bundle = iss_pem_read (bytes, passphrase, error);
  if (bundle == NULL)
    {
      g_prefix_error (error, "%s: ", self->key_path);
      return NULL;
    }

  if (iss_bundle_get_n_keys (bundle) == 1)
    key = iss_bundle_get_key (bundle, 0);
  if (key == NULL || !iss_private_key_matches (key, self->certificate))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("%s does not hold the private key of the administrator’s certificate: bring "
                     "back the file from a backup"), self->key_path);
      return NULL;
    }

  return g_object_ref (key);
}

/**
 * iss_administrator_unlock_async:
 * @self: an administrator
 * @passphrase: what protects the key
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is unlocked
 * @user_data: data for @callback
 *
 * Like iss_administrator_unlock(), in a worker.
 */
void
iss_administrator_unlock_async (IssAdministrator    *self,
                                IssSecret           *passphrase,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (ISS_IS_ADMINISTRATOR (self));
  g_return_if_fail (passphrase != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_administrator_unlock_async);
  g_task_set_task_data (task, iss_secret_ref (passphrase), (GDestroyNotify) iss_secret_unref);
  g_task_run_in_thread (task, unlock_worker);
}

/**
 * iss_administrator_unlock_finish:
 * @self: an administrator
 * @result: the result
 * @error: return location for an error
 *
 * Returns: (transfer full): the private key, or %NULL with @error set
 */
IssPrivateKey *
iss_administrator_unlock_finish (IssAdministrator  *self,
                                 GAsyncResult      *result,
                                 GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

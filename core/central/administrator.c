/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/administrator.h"

#include "core/base/error.h"
#include "core/central/administrator-folder.h"
#include "core/central/token-signer.h"
#include "core/certificate/self-issued.h"
#include "core/formats/pem-key.h"
#include "core/formats/pem.h"
#include "core/store/token-uri.h"

#include <glib/gi18n-lib.h>
#include <string.h>

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
  self->key_path = iss_administrator_folder_dup_key_path (folder);
  self->certificate_path = iss_administrator_folder_dup_certificate_path (folder);
  self->certificate = g_object_ref (certificate);
  self->key_uri = g_strdup (key_uri);

  return self;
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

  bytes = iss_administrator_folder_read (folder, error);
  if (bytes == NULL)
    return NULL;

  text = g_bytes_get_data (bytes, &size);
  der = iss_pem_first_certificate (text, size);
  if (der != NULL)
    certificate = iss_certificate_new_from_der (der, NULL);

  if (certificate == NULL)
    {
      g_autofree char *path = iss_administrator_folder_dup_key_path (folder);

      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("%s does not hold the administrator’s certificate: bring back the file from "
                     "a backup"), path);
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
  if (locked == NULL || !iss_administrator_folder_write (folder, certificate, locked, error))
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

  if (!iss_administrator_folder_check_none (folder, error))
    return NULL;

  uri = iss_token_uri_normalise (key_uri, error);
  key = uri != NULL ? iss_token_signer_new (certificate, uri, pin, error) : NULL;
  if (key == NULL)
    return NULL;

  line = g_strconcat (uri, "\n", NULL);
  bytes = g_bytes_new (line, strlen (line));
  if (!iss_administrator_folder_write (folder, certificate, bytes, error))
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

  bytes = iss_administrator_folder_read (self->folder, error);
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

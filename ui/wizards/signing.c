/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/signing.h"

#include "core/base/error.h"
#include "ui/pool/central-desk.h"

/**
 * IssSigning:
 *
 * An administrator and his unlocked key.
 */
struct _IssSigning
{
  GObject           parent_instance;

  /* Owned References */
  IssWorkspace     *workspace;
  IssAdministrator *administrator;   /* (nullable) */
  IssPrivateKey    *key;             /* (nullable) */
  GError           *error;           /* (nullable) */
};

G_DEFINE_FINAL_TYPE (IssSigning, iss_signing, G_TYPE_OBJECT)

static void
iss_signing_finalize (GObject *object)
{
  IssSigning *self = ISS_SIGNING (object);

  g_clear_object (&self->key);
  g_clear_object (&self->administrator);
  g_clear_object (&self->workspace);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (iss_signing_parent_class)->finalize (object);
}

static void
iss_signing_class_init (IssSigningClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = iss_signing_finalize;
}

static void
iss_signing_init (IssSigning *self)
{
}

/**
 * iss_signing_new:
 * @workspace: a workspace
 *
 * Returns: (transfer full): whoever administers it, locked
 */
IssSigning *
iss_signing_new (IssWorkspace *workspace)
{
  IssSigning *self;

  g_return_val_if_fail (ISS_IS_WORKSPACE (workspace), NULL);

  self = g_object_new (ISS_TYPE_SIGNING, NULL);
  self->workspace = g_object_ref (workspace);
  self->administrator = iss_administrator_open (iss_signing_get_key_folder (self), &self->error);
  if (g_error_matches (self->error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    g_clear_error (&self->error);

  return self;
}

/**
 * iss_signing_get_key_folder:
 * @self: a signing
 *
 * Returns: (transfer none): where the key is, or will be
 */
const char *
iss_signing_get_key_folder (IssSigning *self)
{
  g_return_val_if_fail (ISS_IS_SIGNING (self), NULL);

  return iss_central_desk_get_key_folder (iss_central_desk_get (self->workspace));
}

/**
 * iss_signing_get_administrator:
 * @self: a signing
 *
 * Returns: (transfer none) (nullable): whose key it is; %NULL: there is none yet
 */
IssAdministrator *
iss_signing_get_administrator (IssSigning *self)
{
  g_return_val_if_fail (ISS_IS_SIGNING (self), NULL);

  return self->administrator;
}

/**
 * iss_signing_get_error:
 * @self: a signing
 *
 * Returns: (transfer none) (nullable): why the key that is there cannot be used; it is not
 *   replaced by another
 */
const GError *
iss_signing_get_error (IssSigning *self)
{
  g_return_val_if_fail (ISS_IS_SIGNING (self), NULL);

  return self->error;
}

static void
unlocked_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  IssSigning *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  IssPrivateKey *key = iss_administrator_unlock_finish (ISS_ADMINISTRATOR (object), result, &error);

  if (key == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_clear_object (&self->key);
  self->key = key;
  g_task_return_boolean (task, TRUE);
}

static void
unlock (GTask *task)
{
  IssSigning *self = g_task_get_source_object (task);

  iss_administrator_unlock_async (self->administrator, g_task_get_task_data (task),
                                  g_task_get_cancellable (task), unlocked_cb,
                                  g_object_ref (task));
}

static void
made_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  IssSigning *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  self->administrator = iss_administrator_make_finish (result, &error);
  if (self->administrator != NULL)
    unlock (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * iss_signing_unlock_async:
 * @self: a signing
 * @passphrase: what protects the key, or is to protect it; or a token's PIN, or nothing, as of
 *   iss_token_signer_new()
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is over
 * @user_data: data for @callback
 *
 * Unlocks the key, and makes it before if there is none.
 */
void
iss_signing_unlock_async (IssSigning          *self,
                          IssSecret           *passphrase,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *who = NULL;

  g_return_if_fail (ISS_IS_SIGNING (self));
  g_return_if_fail (passphrase != NULL && self->error == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_signing_unlock_async);
  g_task_set_task_data (task, iss_secret_ref (passphrase), (GDestroyNotify) iss_secret_unref);
  if (self->administrator != NULL)
    {
      unlock (task);
      return;
    }

  who = g_strdup_printf ("%s@%s", g_get_user_name (), g_get_host_name ());
  iss_administrator_make_async (iss_signing_get_key_folder (self), who, passphrase,
                                iss_clock_now (iss_workspace_get_clock (self->workspace)),
                                cancellable, made_cb, g_object_ref (task));
}

/**
 * iss_signing_unlock_finish:
 * @self: a signing
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: whether something can be signed now
 */
gboolean
iss_signing_unlock_finish (IssSigning    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * iss_signing_get_key:
 * @self: a signing
 *
 * Returns: (transfer none) (nullable): the key, once it was unlocked
 */
IssPrivateKey *
iss_signing_get_key (IssSigning *self)
{
  g_return_val_if_fail (ISS_IS_SIGNING (self), NULL);

  return self->key;
}

/**
 * iss_signing_get_certificate:
 * @self: a signing that has an administrator
 *
 * Returns: (transfer none): his certificate
 */
IssCertificate *
iss_signing_get_certificate (IssSigning *self)
{
  g_return_val_if_fail (ISS_IS_SIGNING (self), NULL);

  return iss_administrator_get_certificate (self->administrator);
}

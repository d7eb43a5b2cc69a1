/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/export-plan.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/store/key-file.h"
#include "core/store/row-text.h"
#include "ui/wizards/shell-line.h"

/**
 * IssExportPlan:
 *
 * One certificate of one server, and how and where it is exported.
 */
struct _IssExportPlan
{
  GObject           parent_instance;

  /* Owned References */
  IssWorkspace     *workspace;
  IssPool          *pool;
  IssServer        *server;
  GBytes           *sha256;
  IssCertificate   *certificate;   /* (nullable): once it is loaded */
  GVariant         *properties;    /* (nullable) */
  IssSecret        *password;      /* (nullable) */
  GFile            *file;          /* (nullable) */

  IssStoreName      store;
  IssExportOptions  options;
  gboolean          replace;
};

G_DEFINE_FINAL_TYPE (IssExportPlan, iss_export_plan, G_TYPE_OBJECT)

static void
iss_export_plan_finalize (GObject *object)
{
  IssExportPlan *self = ISS_EXPORT_PLAN (object);

  g_clear_object (&self->workspace);
  g_clear_object (&self->pool);
  g_clear_object (&self->server);
  g_clear_pointer (&self->sha256, g_bytes_unref);
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->properties, g_variant_unref);
  g_clear_pointer (&self->password, iss_secret_unref);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (iss_export_plan_parent_class)->finalize (object);
}

static void
iss_export_plan_class_init (IssExportPlanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_export_plan_finalize;
}

static void
iss_export_plan_init (IssExportPlan *self)
{
  iss_export_options_init (&self->options);
}

/**
 * iss_export_plan_new:
 * @workspace: whose pool
 * @pool: whose server
 * @server: which exports
 * @store: where the certificate is
 * @sha256: its SHA-256
 *
 * Returns: (transfer full): a plan to export everything, of which nothing was asked yet
 */
IssExportPlan *
iss_export_plan_new (IssWorkspace *workspace,
                     IssPool      *pool,
                     IssServer    *server,
                     IssStoreName  store,
                     GBytes       *sha256)
{
  IssExportPlan *self;

  g_return_val_if_fail (ISS_IS_WORKSPACE (workspace), NULL);
  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);
  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  self = g_object_new (ISS_TYPE_EXPORT_PLAN, NULL);
  self->workspace = g_object_ref (workspace);
  self->pool = g_object_ref (pool);
  self->server = g_object_ref (server);
  self->store = store;
  self->sha256 = g_bytes_ref (sha256);
  return self;
}

IssWorkspace *
iss_export_plan_get_workspace (IssExportPlan *self)
{
  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (self), NULL);

  return self->workspace;
}

IssPool *
iss_export_plan_get_pool (IssExportPlan *self)
{
  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (self), NULL);

  return self->pool;
}

IssServer *
iss_export_plan_get_server (IssExportPlan *self)
{
  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (self), NULL);

  return self->server;
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  IssExportPlan *self = g_task_get_source_object (task);
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GVariant) properties = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *reason = NULL;

  certificate = iss_server_get_certificate_finish (ISS_SERVER (object), result, &properties,
                                                   &error);
  if (certificate == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_set_object (&self->certificate, certificate);
  g_clear_pointer (&self->properties, g_variant_unref);
  self->properties = g_steal_pointer (&properties);

  reason = iss_export_plan_dup_key_reason (self);
  if (reason != NULL && self->options.format == ISS_EXPORT_PFX)
    {
      self->options.format = ISS_EXPORT_DER;
      self->options.include_chain = FALSE;
    }

  g_task_return_boolean (task, TRUE);
}

/**
 * iss_export_plan_load_async:
 * @self: a plan
 * @cancellable: (nullable): a cancellable
 * @callback: called when the server has answered
 * @user_data: data for @callback
 *
 * Asks the server for the certificate, and what may be done with its key.
 */
void
iss_export_plan_load_async (IssExportPlan       *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (ISS_IS_EXPORT_PLAN (self));

  task = g_task_new (self, cancellable, callback, user_data);
  iss_server_get_certificate_async (self->server, iss_store_name_get_nick (self->store),
                                    self->sha256, cancellable, loaded_cb, task);
}

gboolean
iss_export_plan_load_finish (IssExportPlan  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

IssCertificate *
iss_export_plan_get_certificate (IssExportPlan *self)
{
  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (self), NULL);

  return self->certificate;
}

/**
 * iss_export_plan_dup_name:
 * @self: a plan that was loaded
 *
 * Returns: (transfer full): the certificate's name and thumbprint
 */
char *
iss_export_plan_dup_name (IssExportPlan *self)
{
  g_autofree char *thumbprint = NULL;

  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (self), NULL);
  g_return_val_if_fail (self->certificate != NULL, NULL);

  thumbprint = iss_text_thumbprint_short (iss_certificate_get_sha1 (self->certificate));
  /* Translators: name of a certificate and its thumbprint */
  return g_strdup_printf (_("%s (%s)"), iss_certificate_get_issued_to (self->certificate),
                          thumbprint);
}

/**
 * iss_export_plan_dup_key_reason:
 * @self: a plan that was loaded
 *
 * Returns: (transfer full) (nullable): why the private key cannot be exported; %NULL if it can
 */
char *
iss_export_plan_dup_key_reason (IssExportPlan *self)
{
  g_autofree char *name = NULL;
  guint32 key = ISS_KEY_STATE_NONE;
  gboolean exportable = FALSE;

  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (self), NULL);
  g_return_val_if_fail (self->properties != NULL, NULL);

  name = iss_server_dup_short_name (self->server);
  g_variant_lookup (self->properties, "key", "u", &key);
  g_variant_lookup (self->properties, "exportable", "b", &exportable);

  if (key == ISS_KEY_STATE_NONE)
    return g_strdup_printf (_("%s does not have the private key."), name);
  if (key == ISS_KEY_STATE_TOKEN)
    return g_strdup_printf (_("The private key is in a token of %s and cannot be exported."),
                            name);
  if (!exportable)
    return g_strdup_printf (_("The private key is marked as not exportable. Issuant will not "
                              "export it; root on %s still can."), name);

  if (g_strcmp0 (iss_server_get_role (self->server), "viewer") == 0)
    return g_strdup_printf (_("You may look at %s, but not export its private keys."), name);

  return NULL;
}

/**
 * iss_export_plan_dup_delete_reason:
 * @self: a plan that was loaded
 *
 * Returns: (transfer full) (nullable): why the private key cannot be deleted; %NULL if it can,
 *   as far as is known here
 */
char *
iss_export_plan_dup_delete_reason (IssExportPlan *self)
{
  const char *assigned = "";
  g_autofree char *text = NULL;

  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (self), NULL);
  g_return_val_if_fail (self->properties != NULL, NULL);

  if (self->store != ISS_STORE_MY)
    return g_strdup (_("Keys are deleted with certificates of Personal only."));

  g_variant_lookup (self->properties, "assigned", "&s", &assigned);
  if (*assigned == '\0')
    return NULL;

  text = iss_row_text_assigned (assigned);
  return g_strdup_printf (_("Not while the certificate is in use for %s."), text);
}

/**
 * iss_export_plan_get_options:
 * @self: a plan
 *
 * Returns: (transfer none): how it is exported; the pages change it
 */
IssExportOptions *
iss_export_plan_get_options (IssExportPlan *self)
{
  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (self), NULL);

  return &self->options;
}

gboolean
iss_export_plan_has_key (IssExportPlan *self)
{
  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (self), FALSE);

  return self->options.format == ISS_EXPORT_PFX;
}

IssSecret *
iss_export_plan_get_password (IssExportPlan *self)
{
  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (self), NULL);

  return self->password;
}

void
iss_export_plan_set_password (IssExportPlan *self,
                              IssSecret     *password)
{
  g_return_if_fail (ISS_IS_EXPORT_PLAN (self));
  g_return_if_fail (password != NULL);

  iss_secret_ref (password);
  g_clear_pointer (&self->password, iss_secret_unref);
  self->password = password;
}

GFile *
iss_export_plan_get_file (IssExportPlan *self)
{
  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (self), NULL);

  return self->file;
}

/**
 * iss_export_plan_set_file:
 * @self: a plan
 * @file: where to
 * @replace: whether the person has agreed that a file that is there goes
 */
void
iss_export_plan_set_file (IssExportPlan *self,
                          GFile         *file,
                          gboolean       replace)
{
  g_return_if_fail (ISS_IS_EXPORT_PLAN (self));
  g_return_if_fail (G_IS_FILE (file));

  g_set_object (&self->file, file);
  self->replace = replace;
}

/**
 * iss_export_plan_dup_file_name:
 * @self: a plan that was loaded
 *
 * Returns: (transfer full): a name to begin with, after the certificate
 */
char *
iss_export_plan_dup_file_name (IssExportPlan *self)
{
  g_autofree char *name = NULL;
  const char *issued_to;

  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (self), NULL);
  g_return_val_if_fail (self->certificate != NULL, NULL);

  /* One that has no name does not give one to a file. */
  issued_to = iss_certificate_get_issued_to (self->certificate);
  name = g_strdup (*issued_to == '(' ? "" : issued_to);
  g_strcanon (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.", '_');
  if (*name == '\0' || *name == '.')
    return g_strconcat ("certificate", name,
                        iss_export_options_format_suffix (self->options.format), NULL);

  return g_strconcat (name, iss_export_options_format_suffix (self->options.format), NULL);
}

static void
run_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  IssPoolExportOutcome *outcome = iss_pool_export_finish (ISS_SERVER (object), result, &error);

  if (outcome != NULL)
    g_task_return_pointer (task, outcome, (GDestroyNotify) iss_pool_export_outcome_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * iss_export_plan_run_async:
 * @self: a plan with a file, and a password for a key
 * @cancellable: (nullable): counts until the file is written
 * @callback: called when it is over
 * @user_data: data for @callback
 *
 * Does what is planned.
 */
void
iss_export_plan_run_async (IssExportPlan       *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  IssPoolExportRequest request = { 0 };
  GTask *task;

  g_return_if_fail (ISS_IS_EXPORT_PLAN (self));
  g_return_if_fail (self->file != NULL);

  request.store = self->store;
  request.sha256 = self->sha256;
  request.options = self->options;
  request.password = iss_export_plan_has_key (self) ? self->password : NULL;
  request.file = self->file;
  request.replace = self->replace;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_check_cancellable (task, FALSE);
  iss_pool_export_async (self->server, &request, cancellable, run_cb, task);
}

IssPoolExportOutcome *
iss_export_plan_run_finish (IssExportPlan  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * iss_export_plan_dup_shell_line:
 * @self: a plan that was loaded
 *
 * Returns: (transfer full): the line that does the same in a shell
 */
char *
iss_export_plan_dup_shell_line (IssExportPlan *self)
{
  const IssExportOptions *options = &self->options;
  g_autoptr(GString) line = NULL;
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  g_autofree char *thumbprint = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (self), NULL);
  g_return_val_if_fail (self->certificate != NULL, NULL);

  g_ptr_array_add (servers, self->server);
  thumbprint = iss_text_thumbprint (iss_certificate_get_sha1 (self->certificate));
  path = self->file != NULL ? g_file_get_path (self->file) : NULL;

  line = iss_shell_line_new (self->workspace, "export-certificate");
  iss_shell_line_add_servers (line, servers);
  iss_shell_line_add (line, "--thumbprint", thumbprint);
  if (self->store != ISS_STORE_MY)
    iss_shell_line_add (line, "--store", iss_store_name_get_nick (self->store));
  iss_shell_line_add_file (line, "--path", path);
  if (iss_export_plan_has_key (self))
    iss_shell_line_add (line, "--password-file", NULL);
  else
    iss_shell_line_add (line, "--format", iss_export_options_format_name (options->format));

  if (iss_export_plan_has_key (self) && options->profile != ISS_PFX_PROFILE_AES256_SHA256)
    iss_shell_line_add (line, "--encryption", iss_export_options_profile_name (options->profile));
  if (options->include_chain)
    g_string_append (line, " --include-chain");
  if (iss_export_plan_has_key (self) && !options->privacy)
    g_string_append (line, " --no-privacy");
  if (iss_export_plan_has_key (self) && !options->properties)
    g_string_append (line, " --no-properties");
  if (options->delete_key)
    g_string_append (line, " --delete-key");
  if (self->replace)
    g_string_append (line, " --force");

  return g_strdup (line->str);
}

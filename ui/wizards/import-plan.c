/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/import-plan.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "ui/wizards/shell-line.h"

#include <glib/gi18n-lib.h>

/**
 * IssImportPlan:
 *
 * A file, its password, what it holds, and where and how it is to be imported.
 */
struct _IssImportPlan
{
  GObject         parent_instance;

  /* Owned References */
  IssWorkspace   *workspace;
  IssPool        *pool;
  GPtrArray      *preferred;      /* (nullable) (element-type IssServer) */
  GFile          *file;           /* (nullable) */
  GBytes         *bytes;          /* (nullable) */
  IssSecret      *password;       /* (nullable) */
  IssBundle      *bundle;         /* (nullable) */
  IssCertificate *certificate;    /* (nullable) */
  GPtrArray      *servers;        /* (element-type IssServer) */
  IssGlobalOrder *order;
  GString        *token_lines;    /* of the shell: which keys in tokens were said to be its own */

  gboolean        needs_password;
  gboolean        has_key;
  gboolean        exportable;
  gboolean        for_pool;
};

G_DEFINE_FINAL_TYPE (IssImportPlan, iss_import_plan, G_TYPE_OBJECT)

static void
forget (IssImportPlan *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->password, iss_secret_unref);
  g_clear_object (&self->bundle);
  g_clear_object (&self->certificate);
  g_string_truncate (self->token_lines, 0);
  self->needs_password = FALSE;
  self->has_key = FALSE;
}

static void
iss_import_plan_finalize (GObject *object)
{
  IssImportPlan *self = ISS_IMPORT_PLAN (object);

  forget (self);
  g_string_free (self->token_lines, TRUE);
  g_clear_pointer (&self->servers, g_ptr_array_unref);
  g_clear_object (&self->file);
  g_clear_pointer (&self->preferred, g_ptr_array_unref);
  g_clear_object (&self->pool);
  g_clear_object (&self->workspace);
  g_clear_object (&self->order);

  G_OBJECT_CLASS (iss_import_plan_parent_class)->finalize (object);
}

static void
iss_import_plan_class_init (IssImportPlanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_import_plan_finalize;
}

static void
iss_import_plan_init (IssImportPlan *self)
{
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);
  self->token_lines = g_string_new (NULL);
}

/**
 * iss_import_plan_new:
 * @workspace: whose pools
 * @pool: where to import
 * @preferred: (nullable) (element-type IssServer): where the wizard was begun
 *
 * Returns: (transfer full): a plan in which nothing is decided
 */
IssImportPlan *
iss_import_plan_new (IssWorkspace *workspace,
                     IssPool      *pool,
                     GPtrArray    *preferred)
{
  IssImportPlan *self;

  g_return_val_if_fail (ISS_IS_WORKSPACE (workspace), NULL);
  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  self = g_object_new (ISS_TYPE_IMPORT_PLAN, NULL);
  self->workspace = g_object_ref (workspace);
  self->order = iss_global_order_new (workspace, pool);
  self->pool = g_object_ref (pool);
  if (preferred != NULL && preferred->len > 0)
    self->preferred = g_ptr_array_ref (preferred);

  return self;
}

IssWorkspace *
iss_import_plan_get_workspace (IssImportPlan *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), NULL);

  return self->workspace;
}

IssPool *
iss_import_plan_get_pool (IssImportPlan *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), NULL);

  return self->pool;
}

/**
 * iss_import_plan_prefers:
 * @self: a plan
 * @server: a server
 *
 * Returns: whether the wizard was begun for @server, or for none in particular
 */
gboolean
iss_import_plan_prefers (IssImportPlan *self,
                         IssServer     *server)
{
  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), FALSE);

  return self->preferred == NULL || g_ptr_array_find (self->preferred, server, NULL);
}

GFile *
iss_import_plan_get_file (IssImportPlan *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), NULL);

  return self->file;
}

/**
 * iss_import_plan_set_file:
 * @self: a plan
 * @file: (nullable): another file
 *
 * Takes another file. What was read of the one before, and its password, is
 * forgotten.
 */
void
iss_import_plan_set_file (IssImportPlan *self,
                          GFile         *file)
{
  g_return_if_fail (ISS_IS_IMPORT_PLAN (self));

  g_set_object (&self->file, file);
  forget (self);
}

static void
take_read (IssImportPlan *self,
           IssSecret     *password,
           IssBundle     *bundle,
           GBytes        *bytes)
{
  gboolean has_key = FALSE;
  IssCertificate *certificate = iss_pool_import_get_leading (bundle, &has_key);
  gboolean needed = self->needs_password;

  g_set_object (&self->certificate, certificate);
  g_set_object (&self->bundle, bundle);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->bytes = g_bytes_ref (bytes);
  g_clear_pointer (&self->password, iss_secret_unref);
  if (password != NULL)
    self->password = iss_secret_ref (password);
  self->needs_password = needed;
  self->has_key = has_key;

  /* A token issuer must be everywhere; whose trust a server takes on is its own affair. */
  self->for_pool = has_key && certificate != NULL && !iss_certificate_is_ca (certificate);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  IssImportPlan *self = g_task_get_source_object (task);

  bundle = iss_pool_import_read_finish (result, &bytes, &error);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (bundle == NULL)
    {
      if (g_error_matches (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD))
        self->needs_password = TRUE;

      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  take_read (self, g_task_get_task_data (task), bundle, bytes);
  g_task_return_boolean (task, TRUE);
}

/**
 * iss_import_plan_read_async:
 * @self: a plan with a file
 * @password: (nullable): the file's password
 * @cancellable: (nullable): to give up
 * @callback: called when it is read or not
 * @user_data: for @callback
 *
 * Reads the file in a worker.
 */
void
iss_import_plan_read_async (IssImportPlan       *self,
                            IssSecret           *password,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (ISS_IS_IMPORT_PLAN (self));
  g_return_if_fail (self->file != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_import_plan_read_async);
  if (password != NULL)
    g_task_set_task_data (task, iss_secret_ref (password), (GDestroyNotify) iss_secret_unref);

  iss_pool_import_read_async (self->file, password, cancellable, read_cb, g_steal_pointer (&task));
}

/**
 * iss_import_plan_read_finish:
 * @self: a plan
 * @result: what the callback was given
 * @error: %ISS_ERROR_WRONG_PASSWORD, or why the file cannot be imported at all
 *
 * Returns: whether the plan knows what the file holds
 */
gboolean
iss_import_plan_read_finish (IssImportPlan  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * iss_import_plan_needs_password:
 * @self: a plan
 *
 * Returns: whether the file turned out not to open without a password
 */
gboolean
iss_import_plan_needs_password (IssImportPlan *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), FALSE);

  return self->needs_password;
}

gboolean
iss_import_plan_is_read (IssImportPlan *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), FALSE);

  return self->bundle != NULL;
}

gboolean
iss_import_plan_has_key (IssImportPlan *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), FALSE);

  return self->has_key;
}

IssCertificate *
iss_import_plan_get_certificate (IssImportPlan *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), NULL);

  return self->certificate;
}

static const char *
get_format_name (IssFormat format)
{
  switch (format)
    {
    case ISS_FORMAT_PEM:
      return _("PEM");

    case ISS_FORMAT_DER:
      return _("DER");

    case ISS_FORMAT_PFX:
      return _("PFX");

    case ISS_FORMAT_PKCS7:
      return _("PKCS#7");

    case ISS_FORMAT_SST:
      return _("Serialized store");

    case ISS_FORMAT_UNKNOWN:
      break;
    }

  return _("File");
}

/**
 * iss_import_plan_dup_contents:
 * @self: a plan
 *
 * Returns: (transfer full) (nullable): what the file holds, as a sentence
 *   without a full stop; %NULL while that is not known
 */
char *
iss_import_plan_dup_contents (IssImportPlan *self)
{
  g_autofree char *certificates = NULL;
  const char *format;
  guint n;
  guint n_keys;

  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), NULL);

  if (self->bundle == NULL)
    return self->needs_password ? g_strdup (_("Protected by a password, which comes next")) : NULL;

  n = iss_bundle_get_n_certificates (self->bundle);
  n_keys = iss_bundle_get_n_keys (self->bundle);
  format = get_format_name (iss_bundle_get_format (self->bundle));

  /* Translators: %u certificates in a file */
  certificates = g_strdup_printf (ngettext ("%u certificate", "%u certificates", n), n);

  if (n_keys == 0)
    /* Translators: "PEM with 2 certificates, without a private key" */
    return g_strdup_printf (_("%s with %s, without a private key"), format, certificates);
  if (n_keys == 1 && n == 1 && self->has_key)
    /* Translators: "PFX with 1 certificate and its private key" */
    return g_strdup_printf (_("%s with %s and its private key"), format, certificates);
  if (n_keys == 1 && self->has_key)
    /* Translators: "PFX with 3 certificates and the private key of auth.contoso.example" */
    return g_strdup_printf (_("%s with %s and the private key of %s"), format, certificates,
                            iss_certificate_get_issued_to (self->certificate));

  /* Translators: "PFX with 3 certificates and 2 private keys" */
  return g_strdup_printf (ngettext ("%s with %s and %u private key",
                                    "%s with %s and %u private keys", n_keys),
                          format, certificates, n_keys);
}

/**
 * iss_import_plan_dup_name:
 * @self: a plan whose file was read
 *
 * Returns: (transfer full): name, thumbprint and whether there is a key
 */
char *
iss_import_plan_dup_name (IssImportPlan *self)
{
  g_autofree char *thumbprint = NULL;
  const char *name;

  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), NULL);

  if (self->certificate == NULL)
    return g_strdup ("");

  thumbprint = iss_text_thumbprint_short (iss_certificate_get_sha1 (self->certificate));
  name = iss_certificate_get_issued_to (self->certificate);

  if (self->has_key)
    /* Translators: name of a certificate and its thumbprint */
    return g_strdup_printf (_("%s (%s, with private key)"), name, thumbprint);

  return g_strdup_printf (_("%s (%s, without a private key)"), name, thumbprint);
}

gboolean
iss_import_plan_get_exportable (IssImportPlan *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), FALSE);

  return self->exportable;
}

void
iss_import_plan_set_exportable (IssImportPlan *self,
                                gboolean       exportable)
{
  g_return_if_fail (ISS_IS_IMPORT_PLAN (self));

  self->exportable = exportable;
}

gboolean
iss_import_plan_get_for_pool (IssImportPlan *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), FALSE);

  return self->for_pool;
}

void
iss_import_plan_set_for_pool (IssImportPlan *self,
                              gboolean       for_pool)
{
  g_return_if_fail (ISS_IS_IMPORT_PLAN (self));

  self->for_pool = for_pool;
}

GPtrArray *
iss_import_plan_get_servers (IssImportPlan *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), NULL);

  return self->servers;
}

void
iss_import_plan_set_servers (IssImportPlan *self,
                             GPtrArray     *servers)
{
  g_return_if_fail (ISS_IS_IMPORT_PLAN (self));

  g_ptr_array_ref (servers);
  g_ptr_array_unref (self->servers);
  self->servers = servers;
}

/**
 * iss_import_plan_report_async:
 * @self: a plan with a file
 * @cancellable: (nullable): a cancellable
 * @callback: called with what iss_file_report_finish() takes
 * @user_data: data for @callback
 *
 * Looks at the file as issuantctl inspect-pfx does.
 */
void
iss_import_plan_report_async (IssImportPlan       *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_return_if_fail (ISS_IS_IMPORT_PLAN (self));
  g_return_if_fail (self->file != NULL);

  iss_file_report_async (self->file, self->password, cancellable, callback, user_data);
}

/**
 * iss_import_plan_dup_details_line:
 * @self: a plan with a file
 *
 * Returns: (transfer full): the line that says the same of the file in a shell
 */
char *
iss_import_plan_dup_details_line (IssImportPlan *self)
{
  g_autofree char *path = NULL;
  g_autoptr(GString) line = NULL;

  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), NULL);
  g_return_val_if_fail (self->file != NULL, NULL);

  path = g_file_get_parse_name (self->file);
  line = g_string_new ("issuantctl inspect-pfx");
  iss_shell_line_add_file (line, NULL, path);
  if (self->password != NULL)
    iss_shell_line_add (line, "--password-file", NULL);

  return g_string_free (g_steal_pointer (&line), FALSE);
}

/**
 * iss_import_plan_add_token_key:
 * @self: a plan whose file was read, without the key
 * @server: a server that has imported it
 * @uri: the URI of the key in a token there, which the token has proved
 * @with_pin: whether a PIN was typed for it
 *
 * Remembers it for the shell's line.
 */
void
iss_import_plan_add_token_key (IssImportPlan *self,
                               IssServer     *server,
                               const char    *uri,
                               gboolean       with_pin)
{
  g_autoptr(GString) line = NULL;
  g_autoptr(GPtrArray) one = g_ptr_array_new ();
  g_autofree char *thumbprint = NULL;

  g_return_if_fail (ISS_IS_IMPORT_PLAN (self));
  g_return_if_fail (self->certificate != NULL && ISS_IS_SERVER (server) && uri != NULL);

  g_ptr_array_add (one, server);
  thumbprint = iss_text_thumbprint (iss_certificate_get_sha1 (self->certificate));
  line = iss_shell_line_new (self->workspace, "set-key-uri");
  iss_shell_line_add_servers (line, one);
  iss_shell_line_add (line, "--thumbprint", thumbprint);
  iss_shell_line_add (line, "--key-uri", uri);
  if (with_pin)
    iss_shell_line_add (line, "--pin-file", NULL);

  g_string_append_printf (self->token_lines, " && %s", line->str);
}

/**
 * iss_import_plan_make_job:
 * @self: a plan whose file was read, with servers
 *
 * Returns: (transfer full): the job that does it
 */
IssJob *
iss_import_plan_make_job (IssImportPlan *self)
{
  IssImportOptions options =
    {
      .automatic_store = TRUE,
      .origin = "manual",
    };

  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), NULL);
  g_return_val_if_fail (self->bytes != NULL, NULL);
  g_return_val_if_fail (self->servers->len > 0, NULL);

  options.exportable = self->exportable;
  options.intent = self->for_pool ? ISS_INTENT_POOL : ISS_INTENT_SERVER;

  return iss_pool_import_new (self->servers, self->bytes, self->password, &options);
}

/**
 * iss_import_plan_dup_shell_line:
 * @self: a plan with a file and servers
 *
 * Returns: (transfer full): the line that does the same in a shell, with the keys in tokens that
 *   were said by now
 */
char *
iss_import_plan_dup_shell_line (IssImportPlan *self)
{
  g_autoptr(GString) line = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), NULL);
  g_return_val_if_fail (self->file != NULL, NULL);

  path = g_file_get_path (self->file);
  line = iss_shell_line_new (self->workspace, "import-certificate");
  iss_shell_line_add_servers (line, self->servers);
  iss_shell_line_add_file (line, "--path", path);
  if (self->password != NULL)
    iss_shell_line_add (line, "--password-file", NULL);
  if (self->exportable)
    g_string_append (line, " --exportable");
  iss_shell_line_add (line, "--intent", self->for_pool ? "pool" : "server");
  g_string_append (line, self->token_lines->str);

  return g_strdup (line->str);
}

/**
 * iss_import_plan_get_order:
 * @self: a plan
 *
 * Returns: (transfer none): what is done instead of importing on each server by hand
 */
IssGlobalOrder *
iss_import_plan_get_order (IssImportPlan *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), NULL);

  return self->order;
}

/**
 * iss_import_plan_get_bundle:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): what was read from the file
 */
IssBundle *
iss_import_plan_get_bundle (IssImportPlan *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (self), NULL);

  return self->bundle;
}

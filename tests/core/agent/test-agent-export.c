/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-export.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/agent/agent-delete-key.h"
#include "core/agent/agent-wire.h"
#include "core/assignment/assignments.h"
#include "core/assignment/publication.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/certificate-file.h"
#include "core/formats/seal.h"
#include "core/store/audit.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/properties.h"
#include "core/store/trash.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/openssl-tool.h"
#include "tests/lib/server-folder.h"

/* Also covers: agent-delete-key, export-source. */

#define OAUTH "OAuthTokenIssuer"

/* A server's folder, a connection's key, and a certificate that is held there. */
typedef struct
{
  IssServerFolder *folder;
  IssCertificate  *recipient;
  IssPrivateKey   *recipient_key;
  IssCertificate  *certificate;
  char            *agent;
  IssAgentContext  context;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  self->folder = iss_server_folder_new ();
  self->recipient = iss_seal_make_recipient (&self->recipient_key, &error);
  g_assert_no_error (error);
  self->certificate = iss_server_folder_hold (self->folder, "auth", "contoso.example");
  self->agent = iss_agent_fixture_dup_program ();
  self->context = (IssAgentContext) { self->folder->root, "tester", ISS_SERVER_FOLDER_NOW,
                                      self->recipient, self->recipient_key, self->agent };
}

static void
tear_down (Fixture       *self,
           gconstpointer  unused)
{
  g_free (self->agent);
  g_object_unref (self->certificate);
  g_object_unref (self->recipient);
  g_object_unref (self->recipient_key);
  iss_server_folder_free (self->folder);
}

/* (nullable): nothing was written down */
static char *
dup_audit (Fixture *self)
{
  g_autofree char *path = iss_temp_folder_dup_path (self->folder->folder, "audit.jsonl");
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

static GVariant *
new_sealed_parameters (Fixture    *self,
                       const char *password,
                       GVariant   *others)
{
  g_autoptr(IssSecret) secret = iss_secret_new (password, strlen (password));
  g_autoptr(GBytes) sealed = iss_seal_to (self->recipient, secret, NULL);
  GVariantBuilder builder;

  g_assert_nonnull (sealed);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_TUPLE);
  g_variant_builder_add_value (&builder, iss_agent_wire_new_bytes (sealed));
  for (gsize i = 0; i < g_variant_n_children (others); i++)
    {
      g_autoptr(GVariant) other = g_variant_get_child_value (others, i);

      g_variant_builder_add_value (&builder, other);
    }

  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* As the console makes the call and reads the answer, but without a wire. */
static IssExportResult *
export (Fixture                 *self,
        IssCertificate          *certificate,
        const IssExportOptions  *options,
        const char              *password,
        GError                 **error)
{
  g_autoptr(IssAgentCall) call =
    iss_agent_export_new_call (ISS_N_STORES, iss_certificate_get_sha256 (certificate), options,
                               NULL);
  GVariant *others = iss_agent_call_get_parameters (call);
  g_autoptr(GVariant) parameters = NULL;
  GVariant *answer;
  g_autoptr(GVariant) kept = NULL;

  if (options->format == ISS_EXPORT_PFX)
    {
      parameters = new_sealed_parameters (self, password, others);
      answer = iss_agent_export_run (&self->context, parameters, NULL, error);
    }
  else
    {
      answer = iss_agent_export_run_certificate (&self->context, others, NULL, error);
    }

  if (answer == NULL)
    return NULL;

  kept = g_variant_ref_sink (answer);
  return iss_agent_call_read (call, kept, error);
}

static IssBundle *
open_file (IssExportResult *result,
           const char      *password)
{
  g_autoptr(IssSecret) secret = password != NULL ? iss_openssl_tool_secret (password) : NULL;
  g_autoptr(GError) error = NULL;
  IssBundle *bundle = iss_certificate_file_read (result->file, secret, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, result->n_certificates);
  return bundle;
}

static void
set_exportable (Fixture  *self,
                gboolean  exportable)
{
  GBytes *spki = iss_certificate_get_spki_sha256 (self->certificate);
  g_autofree char *hex = iss_text_hex (g_bytes_get_data (spki, NULL), 32, FALSE);
  g_autofree char *name = g_strdup_printf ("keys/%s.conf", hex);
  g_autofree char *text = g_strdup_printf ("[key]\nexportable=%s\n",
                                           exportable ? "true" : "false");
  g_autofree char *path = iss_temp_folder_write (self->folder->folder, name, text, -1);

  g_assert_nonnull (path);
}

static void
test_pfx (Fixture       *self,
          gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *audit = NULL;
  IssProperties properties = { .friendly_name = (char *) "Größe" };

  g_assert_true (iss_properties_save (&properties, self->folder->root,
                                      iss_certificate_get_sha256_hex (self->certificate),
                                      &error));

  for (guint i = 0; i < 4; i++)
    {
      const IssExportOptions options = { .include_chain = (i & 1) != 0,
                                         .properties = (i & 2) != 0, .privacy = TRUE };
      g_autoptr(IssExportResult) result = export (self, self->certificate, &options, "Geheim 1",
                                                  &error);
      g_autoptr(IssBundle) bundle = NULL;

      g_assert_no_error (error);
      g_assert_null (result->note);
      bundle = open_file (result, "Geheim 1");
      g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, options.include_chain ? 3 : 1);
      g_assert_cmpuint (iss_bundle_get_n_keys (bundle), ==, 1);
      g_assert_true (iss_private_key_matches (iss_bundle_get_key_for (bundle, 0),
                                              self->certificate));
      g_assert_cmpstr (iss_bundle_get_friendly_name (bundle, 0), ==,
                       options.properties ? "Größe" : NULL);
    }

  audit = dup_audit (self);
  g_assert_nonnull (strstr (audit, "\"tester\""));
  g_assert_nonnull (strstr (audit, "\"export\""));
  g_assert_nonnull (strstr (audit, "\"aes256-sha256\""));
  g_assert_nonnull (strstr (audit, iss_certificate_get_sha256_hex (self->certificate)));
  g_assert_null (strstr (audit, "Geheim"));
}

/* Everybody may, nothing is written down, and no key is in it. */
static void
test_certificate (Fixture       *self,
                  gconstpointer  unused)
{
  static const struct
  {
    IssExportFormat  format;
    gboolean         chain;
    guint            n;
  } cases[] =
  {
    { ISS_EXPORT_DER, FALSE, 1 },
    { ISS_EXPORT_PEM, FALSE, 1 },
    { ISS_EXPORT_PEM, TRUE, 3 },
    { ISS_EXPORT_P7B, FALSE, 1 },
    { ISS_EXPORT_P7B, TRUE, 3 },
    { ISS_EXPORT_SST, TRUE, 3 },
  };
  g_autofree char *audit = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const IssExportOptions options = { .format = cases[i].format,
                                         .include_chain = cases[i].chain };
      g_autoptr(GError) error = NULL;
      g_autoptr(IssExportResult) result = export (self, self->certificate, &options, "", &error);
      g_autoptr(IssBundle) bundle = NULL;

      g_assert_no_error (error);
      bundle = open_file (result, NULL);
      g_assert_cmpuint (result->n_certificates, ==, cases[i].n);
      g_assert_cmpuint (iss_bundle_get_n_keys (bundle), ==, 0);
      g_assert_cmpuint (iss_bundle_get_n_unpaired_keys (bundle), ==, 0);
    }

  audit = dup_audit (self);
  g_assert_null (audit);
}

/* An issuer that is not there is told, and the file is made all the same. */
static void
test_no_chain (Fixture       *self,
               gconstpointer  unused)
{
  const IssExportOptions options = { .include_chain = TRUE };
  g_autoptr(IssExportResult) result = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_certificate_store_remove (
    self->folder->root, ISS_STORE_CA, iss_certificate_get_sha256_hex (self->folder->issuing),
    &error));
  result = export (self, self->certificate, &options, "x", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result->n_certificates, ==, 1);
  g_assert_nonnull (strstr (result->note, "Contoso Issuing CA"));
}

static void
test_what_if (Fixture       *self,
              gconstpointer  unused)
{
  const IssExportOptions options = { .include_chain = TRUE, .what_if = TRUE };
  g_autoptr(GError) error = NULL;
  g_autoptr(IssExportResult) result = export (self, self->certificate, &options, "", &error);
  g_autofree char *audit = dup_audit (self);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (result->file), ==, 0);
  g_assert_cmpuint (result->n_certificates, ==, 3);
  g_assert_null (audit);
}

static void
assign (Fixture        *self,
        IssCertificate *certificate,
        gint64          now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = iss_assignments_load (self->folder->root, &error);

  g_assert_no_error (error);
  iss_assignments_set (assignments, iss_certificate_type_find (OAUTH),
                       iss_certificate_get_sha256_hex (certificate), now, NULL, &error);
  g_assert_no_error (error);
  iss_assignments_save (assignments, self->folder->root, &error);
  g_assert_no_error (error);
}

static gboolean
delete_key (Fixture   *self,
            gboolean   what_if,
            GError   **error)
{
  g_autoptr(IssAgentCall) call =
    iss_agent_delete_key_new_call (iss_certificate_get_sha256 (self->certificate), what_if);
  GVariant *answer = iss_agent_delete_key_run (&self->context,
                                               iss_agent_call_get_parameters (call), NULL, error);
  g_autoptr(GVariant) kept = answer != NULL ? g_variant_ref_sink (answer) : NULL;
  g_autoptr(GVariant) value = kept != NULL ? iss_agent_call_read (call, kept, error) : NULL;

  return value != NULL;
}

static gboolean
has_key (Fixture *self)
{
  return iss_key_file_get_state (self->folder->root,
                                 iss_certificate_get_spki_sha256 (self->certificate)) ==
         ISS_KEY_STATE_FILE;
}

/* Neither the export that would delete it nor the deletion. */
static void
assert_kept (Fixture    *self,
             IssError    code,
             const char *words)
{
  const IssExportOptions options = { .delete_key = TRUE };
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) delete_error = NULL;

  g_assert_null (export (self, self->certificate, &options, "x", &error));
  g_assert_error (error, ISS_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, words));

  g_assert_false (delete_key (self, FALSE, &delete_error));
  g_assert_error (delete_error, ISS_ERROR, (int) code);
}

static void
test_delete_key (Fixture       *self,
                 gconstpointer  unused)
{
  const IssExportOptions options = { .delete_key = TRUE };
  g_autoptr(IssCertificate) other = iss_server_folder_hold (self->folder, "other", NULL);
  g_autoptr(IssExportResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *audit = NULL;

  /* In use, and just out of use: previous. */
  assign (self, self->certificate, ISS_SERVER_FOLDER_NOW);
  assert_kept (self, ISS_ERROR_REFUSED, "in use for");
  assign (self, other, ISS_SERVER_FOLDER_NOW + 1);
  assert_kept (self, ISS_ERROR_REFUSED, "in use for");
  g_assert_true (has_key (self));

  {
    g_autoptr(IssAssignments) assignments = iss_assignments_load (self->folder->root, &error);

    const IssTransition removal = { .kind = ISS_TRANSITION_REMOVE_PREVIOUS };

    g_assert_no_error (error);
    g_assert_true (iss_assignments_change (assignments, iss_certificate_type_find (OAUTH),
                                           &removal));
    iss_assignments_save (assignments, self->folder->root, &error);
    g_assert_no_error (error);
  }

  /* An export alone deletes nothing, nor does a question. */
  result = export (self, self->certificate, &options, "x", &error);
  g_assert_no_error (error);
  g_assert_true (has_key (self));
  g_assert_true (delete_key (self, TRUE, &error));
  g_assert_true (has_key (self));

  g_assert_true (delete_key (self, FALSE, &error));
  g_assert_no_error (error);
  g_assert_false (has_key (self));
  g_assert_true (iss_certificate_store_contains (
    self->folder->root, ISS_STORE_MY, iss_certificate_get_sha256_hex (self->certificate)));
  audit = dup_audit (self);
  g_assert_nonnull (strstr (audit, "\"delete-key\""));

  assert_kept (self, ISS_ERROR_NOT_FOUND, "does not have the private key");
}

/* Whether any file below @path is that one. */
static gboolean
has_name (const char        *path,
          const struct stat *file)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      struct stat info;

      g_assert_no_errno (lstat (child, &info));
      if ((info.st_dev == file->st_dev && info.st_ino == file->st_ino) ||
          (S_ISDIR (info.st_mode) && has_name (child, file)))
        return TRUE;
    }

  return FALSE;
}

static void
change (Fixture             *self,
        const IssTransition *transition)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = iss_assignments_load (self->folder->root, &error);

  g_assert_no_error (error);
  g_assert_true (iss_assignments_change (assignments, iss_certificate_type_find (OAUTH),
                                         transition));
  g_assert_true (iss_assignments_save (assignments, self->folder->root, &error));
  g_assert_true (iss_publication_reconcile (self->folder->root, self->context.now, &error));
  g_assert_no_error (error);
}

/* Published or staged, it has a second name: when it is deleted that is gone, too, or it is said
 * that a service may be using it. */
static void
test_published_key (Fixture       *self,
                    gconstpointer  unused)
{
  g_autoptr(IssCertificate) other = iss_server_folder_hold (self->folder, "other", NULL);
  const char *hex = iss_certificate_get_sha256_hex (self->certificate);
  const IssTransition stage = { .kind = ISS_TRANSITION_STAGE, .now = ISS_SERVER_FOLDER_NOW,
                                .instant = ISS_SERVER_FOLDER_NOW + 60, .sha256_hex = hex };
  const IssTransition cancel = { .kind = ISS_TRANSITION_CANCEL, .now = ISS_SERVER_FOLDER_NOW };
  const IssTransition removal = { .kind = ISS_TRANSITION_REMOVE_PREVIOUS };
  const char *root = iss_root_folder_get_path (self->folder->root);
  GBytes *spki = iss_certificate_get_spki_sha256 (self->certificate);
  g_autofree char *name = iss_text_hex (g_bytes_get_data (spki, NULL), ISS_SHA256_SIZE, FALSE);
  g_autofree char *key = g_strdup_printf ("%s/keys/%s.pem", root, name);
  g_autoptr(GError) error = NULL;
  struct stat info;

  /* It was current: a service may not have read its successor. */
  assign (self, self->certificate, ISS_SERVER_FOLDER_NOW);
  g_assert_true (iss_publication_reconcile (self->folder->root, self->context.now, &error));
  assign (self, other, ISS_SERVER_FOLDER_NOW + 1);
  change (self, &removal);
  g_assert_false (delete_key (self, FALSE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "still in live/.made/OAuthTokenIssuer-1"));
  g_clear_error (&error);
  g_assert_true (has_key (self));

  self->context.now += 601;
  change (self, &stage);
  g_assert_no_errno (lstat (key, &info));
  g_assert_cmpuint (info.st_nlink, ==, 2);
  change (self, &cancel);
  g_assert_true (delete_key (self, FALSE, &error));
  g_assert_no_error (error);
  g_assert_false (has_name (root, &info));
}

static IssCertificate *
make_renewed (Fixture *self)
{
  g_autoptr(IssMaker) maker = iss_maker_new ("server-folder");
  IssCertificate *renewed;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GError) error = NULL;
  const IssMakerSpec spec =
    {
      .subject_cn = "renewed",
      .not_before = ISS_SERVER_FOLDER_NOW,
      .not_after = ISS_SERVER_FOLDER_NOW + ISS_SERVER_FOLDER_YEAR,
      .rsa_bits = 2048,
      .key_label = "auth",
    };

  renewed = iss_maker_make (maker, &spec, NULL, NULL, &key, &error);
  g_assert_no_error (error);
  g_assert_true (iss_private_key_matches (key, self->certificate));

  return renewed;
}

/* A renewed certificate with the same key would be left without it. */
static void
test_shared_key (Fixture       *self,
                 gconstpointer  unused)
{
  g_autoptr(IssCertificate) renewed = make_renewed (self);
  g_autoptr(GError) error = NULL;

  iss_certificate_store_add (self->folder->root, ISS_STORE_MY, renewed, NULL, &error);
  g_assert_no_error (error);
  assert_kept (self, ISS_ERROR_REFUSED, "renewed");

  /* What is assigned is found by its key as well. */
  assign (self, renewed, ISS_SERVER_FOLDER_NOW);
  assert_kept (self, ISS_ERROR_REFUSED, "in use for");
}

/* What can still be restored needs its key; the certificate's own entry brings nothing back. */
static void
test_trash (Fixture       *self,
            gconstpointer  unused)
{
  g_autoptr(IssCertificate) renewed = make_renewed (self);
  const char *own[] = { iss_certificate_get_sha256_hex (self->certificate), NULL };
  const char *other[] = { iss_certificate_get_sha256_hex (renewed), NULL };
  g_autofree char *foreign = NULL;
  g_auto(GStrv) own_ids = NULL;
  g_auto(GStrv) ids = NULL;
  g_autoptr(GError) error = NULL;

  iss_certificate_store_add (self->folder->root, ISS_STORE_MY, renewed, NULL, &error);
  g_assert_no_error (error);
  ids = iss_trash_put (self->folder->root, ISS_STORE_MY, other, ISS_SERVER_FOLDER_NOW, "alice",
                       &error);
  g_assert_no_error (error);
  assert_kept (self, ISS_ERROR_REFUSED, "renewed");
  g_assert_true (has_key (self));

  g_ptr_array_unref (iss_trash_purge (self->folder->root, NULL,
                                      ISS_SERVER_FOLDER_NOW + ISS_TRASH_SECONDS, &error));
  g_assert_no_error (error);
  g_assert_true (delete_key (self, TRUE, &error));
  g_assert_no_error (error);

  own_ids = iss_trash_put (self->folder->root, ISS_STORE_MY, own, ISS_SERVER_FOLDER_NOW, "alice",
                           &error);
  g_assert_no_error (error);
  iss_certificate_store_add (self->folder->root, ISS_STORE_MY, self->certificate, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (delete_key (self, TRUE, &error));
  g_assert_no_error (error);

  /* Nobody knows what it needs. */
  foreign = g_build_filename (iss_root_folder_get_path (self->folder->root), "trash", own_ids[0],
                              "entry.conf", NULL);
  g_assert_no_errno (g_unlink (foreign));
  assert_kept (self, ISS_ERROR_REFUSED, "trash cannot be read");
}

static void
test_refused (Fixture       *self,
              gconstpointer  unused)
{
  const IssExportOptions plain = { 0 };
  const IssExportOptions der = { .format = ISS_EXPORT_DER };
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) elsewhere = iss_server_folder_make (self->folder, "elsewhere", NULL,
                                                                &key);
  g_autofree char *longer = g_strnfill (2000, 'x');
  g_autofree char *audit = NULL;
  const struct
  {
    const char             *name;
    IssCertificate         *certificate;
    const IssExportOptions *options;
    const char             *password;
    IssError                code;
  } cases[] =
  {
    { "no password", self->certificate, &plain, "", ISS_ERROR_INVALID_ARGUMENT },
    { "long password", self->certificate, &plain, longer, ISS_ERROR_TOO_LARGE },
    { "not there", elsewhere, &plain, "x", ISS_ERROR_NOT_FOUND },
    { "not there, without key", elsewhere, &der, "x", ISS_ERROR_NOT_FOUND },
    { "no key", self->folder->authority, &plain, "x", ISS_ERROR_NOT_FOUND },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].name);
      g_assert_null (export (self, cases[i].certificate, cases[i].options, cases[i].password,
                             &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
    }

  {
    g_autoptr(GError) error = NULL;

    set_exportable (self, FALSE);
    g_assert_null (export (self, self->certificate, &plain, "x", &error));
    g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
    g_assert_nonnull (strstr (error->message, "root on this server still can"));
  }

  audit = dup_audit (self);
  g_assert_null (audit);
}

/* Arguments of the right types that say what cannot be. */
static void
test_bad_arguments (Fixture       *self,
                    gconstpointer  unused)
{
  static const char *const texts[] =
  {
    "('my', @ay [1, 2, 3], {'format': <'der'>})",
    "('none', @ay [], {'format': <'der'>})",
    "('my', @ay [], {'format': <'jks'>})",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GVariant) parameters = g_variant_parse (G_VARIANT_TYPE ("(saya{sv})"), texts[i],
                                                        NULL, NULL, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_nonnull (parameters);
      g_assert_null (iss_agent_export_run_certificate (&self->context, parameters, NULL, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
    }
}

/* What a server answers is not believed. */
static void
test_hostile (Fixture       *self,
              gconstpointer  unused)
{
  static const char *const texts[] =
  {
    "(@ay [], {'certificates': <uint32 1>})",
    "(@ay [1], @a{sv} {})",
    "(@ay [1], {'certificates': <uint32 0>})",
    "(@ay [1], {'certificates': <uint32 65>})",
    "(@ay [1], {'certificates': <'1'>})",
  };
  const IssExportOptions options = { 0 };
  g_autoptr(IssAgentCall) call =
    iss_agent_export_new_call (ISS_STORE_MY, iss_certificate_get_sha256 (self->certificate),
                               &options, NULL);
  g_autofree guint8 *huge = g_malloc0 (ISS_CERTIFICATE_FILE_MAX_SIZE + 1);
  g_autoptr(GVariant) flood = NULL;
  g_autoptr(GVariant) marked = NULL;
  g_autoptr(IssExportResult) result = NULL;
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GVariant) reply = g_variant_parse (G_VARIANT_TYPE ("(aya{sv})"), texts[i], NULL,
                                                   NULL, NULL);
      g_autoptr(GError) reply_error = NULL;

      g_test_message ("%s", texts[i]);
      g_assert_nonnull (reply);
      g_assert_null (iss_agent_call_read (call, reply, &reply_error));
      g_assert_error (reply_error, ISS_ERROR, ISS_ERROR_MALFORMED);
    }

  flood = g_variant_ref_sink (
    g_variant_new ("(@aya{sv})", g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, huge,
                                                            ISS_CERTIFICATE_FILE_MAX_SIZE + 1, 1),
                   NULL));
  g_assert_null (iss_agent_call_read (call, flood, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
  g_clear_error (&error);

  marked = g_variant_parse (G_VARIANT_TYPE ("(aya{sv})"),
                            "(@ay [1], {'certificates': <uint32 1>, 'note': <'a\\u202eb'>})",
                            NULL, NULL, NULL);
  result = iss_agent_call_read (call, marked, &error);
  g_assert_no_error (error);
  g_assert_null (strstr (result->note, "\342\200\256"));
}

static void
wait_for_call (IssAgentFixture *agent,
               IssAgentCall    *call)
{
  g_clear_object (&agent->result);
  iss_agent_client_call_async (agent->client, call, NULL, iss_agent_fixture_result_cb, agent);
  iss_agent_fixture_wait (agent);
}

/* A real agent, and the password sealed to the connection's key. */
static void
test_wire (void)
{
  IssAgentFixture agent = { NULL };
  IssExportOptions options;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("wire", &certificate);
  g_autoptr(IssSecret) password = iss_openssl_tool_secret ("pass");
  g_autoptr(IssAgentCall) call = NULL;
  g_autoptr(IssAgentCall) deletion = NULL;
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(IssExportResult) result = NULL;
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GVariant) deleted = NULL;
  g_autoptr(GError) error = NULL;

  iss_agent_fixture_set_up (&agent);
  iss_agent_fixture_open (&agent);
  items = iss_agent_fixture_import (&agent, file, NULL, FALSE, &error);
  g_assert_no_error (error);

  iss_export_options_init (&options);
  call = iss_agent_export_new_call (ISS_STORE_MY, iss_certificate_get_sha256 (certificate),
                                    &options, password);
  wait_for_call (&agent, call);
  result = iss_agent_client_call_finish (agent.client, agent.result, &error);
  g_assert_no_error (error);
  bundle = open_file (result, "pass");
  g_assert_true (iss_private_key_matches (iss_bundle_get_key_for (bundle, 0), certificate));

  deletion = iss_agent_delete_key_new_call (iss_certificate_get_sha256 (certificate), FALSE);
  wait_for_call (&agent, deletion);
  deleted = iss_agent_client_call_finish (agent.client, agent.result, &error);
  g_assert_no_error (error);

  wait_for_call (&agent, call);
  g_assert_null (iss_agent_client_call_finish (agent.client, agent.result, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);

  iss_agent_fixture_tear_down (&agent);
}

#define ADD(name, func) g_test_add ("/agent-export/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("pfx", test_pfx);
  ADD ("certificate", test_certificate);
  ADD ("no-chain", test_no_chain);
  ADD ("what-if", test_what_if);
  ADD ("delete-key", test_delete_key);
  ADD ("published-key", test_published_key);
  ADD ("trash", test_trash);
  ADD ("shared-key", test_shared_key);
  ADD ("refused", test_refused);
  ADD ("bad-arguments", test_bad_arguments);
  ADD ("hostile", test_hostile);
  g_test_add_func ("/agent-export/wire", test_wire);

  return g_test_run ();
}

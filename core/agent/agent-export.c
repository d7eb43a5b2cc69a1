/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-export.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-delete-key.h"
#include "core/agent/agent-wire.h"
#include "core/agent/export-source.h"
#include "core/agent/vetting.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/certificate-file.h"
#include "core/formats/pkcs7-writer.h"
#include "core/formats/sst.h"
#include "core/store/audit.h"

#define MAX_SEALED (64 * 1024)
#define MAX_CERTIFICATES 64

/* What was asked for. */
typedef struct
{
  IssStoreName      store;
  GBytes           *sha256;
  IssExportOptions  options;
} Request;

static void
request_clear (Request *request)
{
  g_clear_pointer (&request->sha256, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Request, request_clear)

static gboolean
read_request (Request     *request,
              const char  *store,
              GVariant    *sha256,
              GVariant    *options,
              GError     **error)
{
  request->store = ISS_N_STORES;
  if (*store != '\0' && !iss_store_name_parse (store, &request->store, error))
    return FALSE;

  if (g_variant_get_size (sha256) != ISS_SHA256_SIZE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A certificate is named by the 32 bytes of its SHA-256"));
      return FALSE;
    }

  if (!iss_export_options_from_variant (&request->options, options, error))
    return FALSE;

  request->sha256 = iss_agent_wire_dup_bytes (sha256);
  return TRUE;
}

static IssSecret *
open_password (const IssAgentContext  *context,
               GVariant               *sealed,
               GCancellable           *cancellable,
               GError                **error)
{
  g_autoptr(GBytes) bytes = iss_agent_wire_dup_bytes (sealed);
  g_autoptr(IssSecret) password = NULL;

  if (g_bytes_get_size (bytes) > MAX_SEALED)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_TOO_LARGE, _("The password is too long"));
      return NULL;
    }

  password = iss_vetting_open_seal (context->reader, bytes, context->recipient,
                                    context->recipient_key, cancellable, error);
  if (password == NULL)
    return NULL;

  if (iss_secret_get_size (password) == 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A private key is exported with a password only: choose one"));
      return NULL;
    }

  return g_steal_pointer (&password);
}

static gboolean
append_audit (const IssAgentContext   *context,
              const IssExportSource   *source,
              const IssExportOptions  *options,
              GError                 **error)
{
  GBytes *spki = iss_certificate_get_spki_sha256 (source->certificate);
  g_autofree char *key = iss_text_hex (g_bytes_get_data (spki, NULL), ISS_SHA256_SIZE, FALSE);
  const char *const details[] =
    {
      "certificate", iss_certificate_get_sha256_hex (source->certificate),
      "key", key,
      "format", iss_export_options_format_name (options->format),
      "encryption", iss_export_options_profile_name (options->profile),
      NULL,
    };

  return iss_audit_append (context->root, context->now, context->who, "export", details, error);
}

static GVariant *
new_answer (GBytes                *file,
            const IssExportSource *source)
{
  g_autoptr(GBytes) empty = g_bytes_new (NULL, 0);
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "certificates", "u", source->chain->len);
  g_variant_dict_insert (&dict, "note", "s", source->note != NULL ? source->note : "");
  return g_variant_new ("(@ay@a{sv})",
                        iss_agent_wire_new_bytes (file != NULL ? file : empty),
                        g_variant_dict_end (&dict));
}

/* What leaves the server is written down before it does. */
static GBytes *
make_pfx (const IssAgentContext   *context,
          IssExportSource         *source,
          const IssExportOptions  *options,
          GVariant                *sealed,
          GCancellable            *cancellable,
          GError                 **error)
{
  g_autoptr(IssSecret) password = open_password (context, sealed, cancellable, error);
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GBytes) file = NULL;

  if (password == NULL)
    return NULL;

  bundle = iss_export_source_dup_bundle (source, options->properties);
  file = iss_pfx_writer_write_with (bundle, options->profile, options->privacy, 0, password,
                                    error);
  if (file == NULL || !append_audit (context, source, options, error))
    return NULL;

  return g_steal_pointer (&file);
}

/**
 * iss_agent_export_run:
 * @context: for whom and when
 * @parameters: (aysaya{sv}): sealed password, store, SHA-256, options
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error: %ISS_ERROR_REFUSED when the key must not leave or,
 *   with "delete-key", could not be deleted afterwards
 *
 * Exports a certificate with its private key, as a PFX.
 *
 * Returns: (transfer floating): (aya{sv}): the file, what is in it
 */
GVariant *
iss_agent_export_run (const IssAgentContext  *context,
                      GVariant               *parameters,
                      GCancellable           *cancellable,
                      GError                **error)
{
  g_autoptr(GVariant) sealed = NULL;
  g_autoptr(GVariant) sha256 = NULL;
  g_autoptr(GVariant) options = NULL;
  g_auto(IssExportSource) source = { NULL };
  g_auto(Request) request = { 0 };
  g_autoptr(GBytes) file = NULL;
  const char *store;

  g_variant_get (parameters, "(@ay&s@ay@a{sv})", &sealed, &store, &sha256, &options);
  if (!read_request (&request, store, sha256, options, error))
    return NULL;

  if (request.options.format != ISS_EXPORT_PFX)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A private key is exported as a PFX file only"));
      return NULL;
    }

  if (!iss_export_source_load (&source, context->root, request.store, request.sha256,
                               request.options.include_chain, context->now, error) ||
      !iss_export_source_load_key (&source, context->root, error) ||
      (request.options.delete_key &&
       !iss_agent_delete_key_check (context->root, source.certificate, error)) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  if (!request.options.what_if)
    {
      file = make_pfx (context, &source, &request.options, sealed, cancellable, error);
      if (file == NULL)
        return NULL;
    }

  return new_answer (file, &source);
}

static GBytes *
make_pem (GPtrArray *chain)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < chain->len; i++)
    {
      g_autofree char *pem = iss_certificate_dup_pem (chain->pdata[i]);

      g_string_append (text, pem);
    }

  return g_string_free_to_bytes (g_steal_pointer (&text));
}

static GBytes *
make_file (IssExportFormat    format,
           IssExportSource   *source,
           GError           **error)
{
  g_autoptr(IssBundle) bundle = NULL;

  switch (format)
    {
    case ISS_EXPORT_DER:
      return g_bytes_ref (iss_certificate_get_der (source->certificate));

    case ISS_EXPORT_PEM:
      return make_pem (source->chain);

    case ISS_EXPORT_P7B:
      return iss_pkcs7_writer_write (source->chain, error);

    case ISS_EXPORT_SST:
      bundle = iss_export_source_dup_bundle (source, TRUE);
      return iss_sst_write (bundle, error);

    case ISS_EXPORT_PFX:
      break;
    }

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("A certificate without its private key is exported as der, pem, p7b or "
                         "sst"));
  return NULL;
}

/**
 * iss_agent_export_run_certificate:
 * @context: for whom and when
 * @parameters: (saya{sv}): store, SHA-256, options
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Exports a certificate without its private key: everybody may, and nothing is written down.
 *
 * Returns: (transfer floating): (aya{sv}): the file, what is in it
 */
GVariant *
iss_agent_export_run_certificate (const IssAgentContext  *context,
                                  GVariant               *parameters,
                                  GCancellable           *cancellable,
                                  GError                **error)
{
  g_autoptr(GVariant) sha256 = NULL;
  g_autoptr(GVariant) options = NULL;
  g_auto(IssExportSource) source = { NULL };
  g_auto(Request) request = { 0 };
  g_autoptr(GBytes) file = NULL;
  const char *store;

  g_variant_get (parameters, "(&s@ay@a{sv})", &store, &sha256, &options);
  if (!read_request (&request, store, sha256, options, error) ||
      !iss_export_source_load (&source, context->root, request.store, request.sha256,
                               request.options.include_chain, context->now, error))
    return NULL;

  file = make_file (request.options.format, &source, error);
  if (file == NULL)
    return NULL;

  return new_answer (request.options.what_if ? NULL : file, &source);
}

/**
 * iss_export_result_free:
 * @self: (transfer full): a result
 *
 * Frees it.
 */
void
iss_export_result_free (IssExportResult *self)
{
  g_bytes_unref (self->file);
  g_free (self->note);
  g_free (self);
}

static gpointer
read_reply (GVariant  *reply,
            GVariant  *parameters,
            GError   **error)
{
  g_autoptr(GVariant) file = NULL;
  g_autoptr(GVariant) outcome = NULL;
  IssExportResult *self;
  guint32 n_certificates = 0;

  g_variant_get (reply, "(@ay@a{sv})", &file, &outcome);
  g_variant_lookup (outcome, "certificates", "u", &n_certificates);

  if (g_variant_get_size (file) > ISS_CERTIFICATE_FILE_MAX_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The server's file is larger than %d MiB: that is no certificate file"),
                   ISS_CERTIFICATE_FILE_MAX_SIZE / (1024 * 1024));
      return NULL;
    }

  if (n_certificates < 1 || n_certificates > MAX_CERTIFICATES ||
      (g_variant_get_size (file) == 0) != iss_agent_method_is_what_if (parameters))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The server's answer to the export cannot be understood"));
      return NULL;
    }

  self = g_new0 (IssExportResult, 1);
  self->file = iss_agent_wire_dup_bytes (file);
  self->n_certificates = n_certificates;
  self->note = iss_agent_wire_dup_text (outcome, "note", ISS_AGENT_WIRE_MAX_TEXT);
  if (*self->note == '\0')
    g_clear_pointer (&self->note, g_free);
  return self;
}

/**
 * iss_agent_export_new_call:
 * @store: where the certificate is; %ISS_N_STORES = in any store
 * @sha256: its SHA-256, 32 bytes
 * @options: how
 * @password: (nullable): of a PFX file
 *
 * The format decides which method it is: a PFX is made with the private key, everything else
 * without.
 *
 * Returns: (transfer full): a call; its value is an #IssExportResult
 */
IssAgentCall *
iss_agent_export_new_call (IssStoreName            store,
                           GBytes                 *sha256,
                           const IssExportOptions *options,
                           IssSecret              *password)
{
  const char *nick = store != ISS_N_STORES ? iss_store_name_get_nick (store) : "";
  g_autoptr(IssSecret) empty = iss_secret_new ("", 0);
  GVariant *parameters;

  g_return_val_if_fail (sha256 != NULL, NULL);
  g_return_val_if_fail (options != NULL, NULL);

  parameters = g_variant_new ("(s@ay@a{sv})", nick, iss_agent_wire_new_bytes (sha256),
                              iss_export_options_to_variant (options));
  if (options->format != ISS_EXPORT_PFX)
    return iss_agent_call_new ("ExportCertificate", parameters, "(aya{sv})", read_reply,
                               (GDestroyNotify) iss_export_result_free);

  return iss_agent_call_new_with_secret ("Export", password != NULL ? password : empty, parameters,
                                         "(aya{sv})", read_reply,
                                         (GDestroyNotify) iss_export_result_free);
}

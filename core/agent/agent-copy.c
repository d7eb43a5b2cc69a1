/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-copy.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/agent/export-source.h"
#include "core/agent/vetting.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/certificate-file.h"
#include "core/formats/seal.h"
#include "core/store/audit.h"

#define MAX_TO 256
#define MAX_SEALED (ISS_CERTIFICATE_FILE_MAX_SIZE + 64 * 1024)
#define MAX_FRIENDLY_NAME 256
#define JOB_HASH_CHARACTERS 32

/* Certificates and key as PEM text, in secret memory from the first byte on. */
static IssSecret *
make_clear (const IssExportSource  *source,
            GError                **error)
{
  g_autoptr(IssSecret) key_pem = iss_private_key_dup_pem (source->key, error);
  g_autoptr(IssSecret) text = NULL;
  g_autoptr(GString) certificates = g_string_new (NULL);
  g_autoptr(GBytes) file = NULL;
  gconstpointer key_data;
  gpointer data;
  gsize key_size;

  if (key_pem == NULL)
    return NULL;

  for (guint i = 0; i < source->chain->len; i++)
    {
      g_autofree char *pem = iss_certificate_dup_pem (source->chain->pdata[i]);

      g_string_append (certificates, pem);
    }

  key_data = iss_secret_get_data (key_pem, &key_size);
  text = iss_secret_new_sized (certificates->len + key_size, &data);
  memcpy (data, certificates->str, certificates->len);
  memcpy ((char *) data + certificates->len, key_data, key_size);

  file = g_bytes_new_with_free_func (data, certificates->len + key_size,
                                     (GDestroyNotify) iss_secret_unref, iss_secret_ref (text));
  return iss_agent_wire_pack_import (file, NULL);
}

static IssCertificate *
read_recipient (const IssAgentContext  *context,
                GVariant               *variant,
                GCancellable           *cancellable,
                GError                **error)
{
  g_autoptr(GBytes) der = iss_agent_wire_dup_bytes (variant);
  IssCertificate *recipient;

  if (g_bytes_get_size (der) > ISS_CERTIFICATE_MAX_SIZE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                           _("The recipient's certificate is too large"));
      return NULL;
    }

  recipient = iss_vetting_read_certificate (context->reader, der, cancellable, error);
  if (recipient == NULL)
    g_prefix_error (error, _("The recipient's certificate cannot be read: "));
  return recipient;
}

/* To a copy the same applies as to any other export: who, which key, whereto. */
static gboolean
append_audit (const IssAgentContext  *context,
              const IssExportSource  *source,
              IssCertificate         *recipient,
              const char             *to,
              GError                **error)
{
  GBytes *spki = iss_certificate_get_spki_sha256 (source->certificate);
  g_autofree char *key = iss_text_hex (g_bytes_get_data (spki, NULL), ISS_SHA256_SIZE, FALSE);
  const char *const details[] =
    {
      "certificate", iss_certificate_get_sha256_hex (source->certificate),
      "key", key,
      "format", "sealed",
      "to", to,
      "recipient", iss_certificate_get_sha256_hex (recipient),
      NULL,
    };

  return iss_audit_append (context->root, context->now, context->who, "export", details, error);
}

static GBytes *
seal (const IssAgentContext  *context,
      const IssExportSource  *source,
      IssCertificate         *recipient,
      const char             *to,
      GError                **error)
{
  g_autoptr(IssSecret) clear = make_clear (source, error);
  g_autoptr(GBytes) sealed = NULL;

  if (clear == NULL)
    return NULL;

  sealed = iss_seal_to (recipient, clear, error);
  if (sealed == NULL || !append_audit (context, source, recipient, to, error))
    return NULL;

  return g_steal_pointer (&sealed);
}

static GVariant *
new_answer (GBytes                *sealed,
            const IssExportSource *source)
{
  g_autoptr(GBytes) empty = g_bytes_new (NULL, 0);
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "friendly-name", "s",
                         source->friendly_name != NULL ? source->friendly_name : "");
  g_variant_dict_insert (&dict, "note", "s", source->note != NULL ? source->note : "");
  return g_variant_new ("(@ay@a{sv})",
                        iss_agent_wire_new_bytes (sealed != NULL ? sealed : empty),
                        g_variant_dict_end (&dict));
}

/**
 * iss_agent_copy_run:
 * @context: for whom and when
 * @parameters: (sayaya{sv}): store, SHA-256, recipient's certificate, options
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error: %ISS_ERROR_REFUSED when the key must not leave
 *
 * Seals a certificate with its chain and its private key to another server.
 *
 * Returns: (transfer floating): (aya{sv}): what is sealed, and what goes along
 */
GVariant *
iss_agent_copy_run (const IssAgentContext  *context,
                    GVariant               *parameters,
                    GCancellable           *cancellable,
                    GError                **error)
{
  g_autoptr(GVariant) sha256_variant = NULL;
  g_autoptr(GVariant) recipient_variant = NULL;
  g_autoptr(GVariant) options = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(IssCertificate) recipient = NULL;
  g_auto(IssExportSource) source = { NULL };
  g_autoptr(GBytes) sealed = NULL;
  g_autofree char *to = NULL;
  IssStoreName store = ISS_N_STORES;
  const char *nick;

  g_variant_get (parameters, "(&s@ay@ay@a{sv})", &nick, &sha256_variant, &recipient_variant,
                 &options);
  if (*nick != '\0' && !iss_store_name_parse (nick, &store, error))
    return NULL;

  sha256 = iss_agent_wire_dup_bytes (sha256_variant);
  to = iss_agent_wire_dup_text (options, "to", MAX_TO);
  if (g_bytes_get_size (sha256) != ISS_SHA256_SIZE || *to == '\0')
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A copy needs the 32 bytes of a certificate's SHA-256, and the name "
                             "of the server that gets it"));
      return NULL;
    }

  recipient = read_recipient (context, recipient_variant, cancellable, error);
  if (recipient == NULL ||
      !iss_export_source_load (&source, context->root, store, sha256, TRUE, context->now, error) ||
      !iss_export_source_load_key (&source, context->root, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  if (!iss_agent_wire_get_boolean (options, "what-if"))
    {
      sealed = seal (context, &source, recipient, to, error);
      if (sealed == NULL)
        return NULL;
    }

  return new_answer (sealed, &source);
}

/**
 * iss_copy_result_free:
 * @self: (transfer full): a result
 *
 * Frees it.
 */
void
iss_copy_result_free (IssCopyResult *self)
{
  g_bytes_unref (self->sealed);
  g_free (self->friendly_name);
  g_free (self->note);
  g_free (self);
}

static char *
dup_text_or_null (GVariant   *dictionary,
                  const char *name,
                  gsize       max_characters)
{
  g_autofree char *text = iss_agent_wire_dup_text (dictionary, name, max_characters);

  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static gpointer
read_sealed (GVariant  *reply,
             GVariant  *parameters,
             GError   **error)
{
  g_autoptr(GVariant) sealed = NULL;
  g_autoptr(GVariant) outcome = NULL;
  IssCopyResult *self;

  g_variant_get (reply, "(@ay@a{sv})", &sealed, &outcome);
  if (g_variant_get_size (sealed) > MAX_SEALED ||
      (g_variant_get_size (sealed) == 0) != iss_agent_method_is_what_if (parameters))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The server's answer to the copy cannot be understood"));
      return NULL;
    }

  self = g_new0 (IssCopyResult, 1);
  self->sealed = iss_agent_wire_dup_bytes (sealed);
  self->friendly_name = dup_text_or_null (outcome, "friendly-name", MAX_FRIENDLY_NAME);
  self->note = dup_text_or_null (outcome, "note", ISS_AGENT_WIRE_MAX_TEXT);
  return self;
}

/**
 * iss_agent_copy_new_seal_call:
 * @store: where the certificate is; %ISS_N_STORES = in any store
 * @sha256: its SHA-256, 32 bytes
 * @recipient: what Hello of the other server's connection gave
 * @to: the other server's name
 * @what_if: only say whether it could
 *
 * Returns: (transfer full): a call of the server that holds it; its value is an #IssCopyResult
 */
IssAgentCall *
iss_agent_copy_new_seal_call (IssStoreName    store,
                              GBytes         *sha256,
                              IssCertificate *recipient,
                              const char     *to,
                              gboolean        what_if)
{
  const char *nick = store != ISS_N_STORES ? iss_store_name_get_nick (store) : "";
  GVariantDict dict;

  g_return_val_if_fail (sha256 != NULL, NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (recipient), NULL);
  g_return_val_if_fail (to != NULL, NULL);

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "to", "s", to);
  g_variant_dict_insert (&dict, "what-if", "b", what_if);
  return iss_agent_call_new ("SealFor",
                             g_variant_new ("(s@ay@ay@a{sv})", nick,
                                            iss_agent_wire_new_bytes (sha256),
                                            iss_agent_wire_new_bytes (
                                              iss_certificate_get_der (recipient)),
                                            g_variant_dict_end (&dict)),
                             "(aya{sv})", read_sealed, (GDestroyNotify) iss_copy_result_free);
}

static gpointer
read_items (GVariant  *reply,
            GVariant  *parameters,
            GError   **error)
{
  g_autoptr(GVariant) items = g_variant_get_child_value (reply, 0);

  return iss_agent_wire_read_items (items, error);
}

/**
 * iss_agent_copy_new_import_call:
 * @sealed: what the other server has sealed to this connection
 * @options: how to import it
 *
 * Returns: (transfer full): a call; its value is a #GPtrArray of #IssImportItem
 */
IssAgentCall *
iss_agent_copy_new_import_call (GBytes                 *sealed,
                                const IssImportOptions *options)
{
  g_autofree char *hash = NULL;
  g_autofree char *job = NULL;
  GVariantDict dict;

  g_return_val_if_fail (sealed != NULL, NULL);
  g_return_val_if_fail (options != NULL, NULL);

  /* What is sealed is never the same twice: a name of its own. */
  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, sealed);
  job = g_strdup_printf ("copy-%.*s", JOB_HASH_CHARACTERS, hash);

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "store", "s",
                         options->automatic_store ? ""
                                                  : iss_store_name_get_nick (options->store));
  g_variant_dict_insert (&dict, "exportable", "b", options->exportable);
  g_variant_dict_insert (&dict, "intent", "u", (guint32) options->intent);
  if (options->friendly_name != NULL)
    g_variant_dict_insert (&dict, "friendly-name", "s", options->friendly_name);
  g_variant_dict_insert (&dict, "what-if", "b", options->what_if);

  return iss_agent_call_new ("Import",
                             g_variant_new ("(s@ay@a{sv})", job,
                                            iss_agent_wire_new_bytes (sealed),
                                            g_variant_dict_end (&dict)),
                             "(aa{sv})", read_items, (GDestroyNotify) g_ptr_array_unref);
}

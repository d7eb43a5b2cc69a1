/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/vetting.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-wire.h"
#include "core/agent/parser-wire.h"
#include "core/base/error.h"
#include "core/formats/seal.h"
#include "core/formats/signed-data.h"
#include "core/replication/administrators.h"

#define NAME "issuant-parser"

/* kind, message, certificates; by and for this machine only */
#define REQUEST "(uayaay)"

#define MAX_CERTIFICATES ISS_ADMINISTRATORS_MAX

G_STATIC_ASSERT (ISS_PARSER_WIRE_HEADER_SIZE == ISS_HELPER_PROCESS_HEADER_SIZE);

/* The line between the two processes. The one that vets has no key, no file and no network, and
 * may be taken over by what it decodes: all that is believed of it is that it could decode. The
 * agent then does the same again, because only it may say that a signature is one, and only it
 * has the private key that opens a seal. So nothing is decoded beside the keys that was not
 * decoded elsewhere before without harm; and what is opened or verified there has, byte for byte,
 * the one form that Issuant writes (iss_seal_check(), iss_signed_data_verify()). What an
 * administrator has signed is not foreign any more: its content is read by the agent only. */

/**
 * iss_vetting_pack:
 * @kind: what it is said to be
 * @message: from outside
 * @certificates: (nullable) (element-type IssCertificate): see #IssVettingKind
 *
 * Returns: (transfer full): the request; the secret is only what carries it
 */
IssSecret *
iss_vetting_pack (IssVettingKind  kind,
                  GBytes         *message,
                  GPtrArray      *certificates)
{
  g_autoptr(GVariant) request = NULL;
  GVariantBuilder ders;

  g_return_val_if_fail ((guint) kind < ISS_VETTING_N_KINDS, NULL);
  g_return_val_if_fail (message != NULL, NULL);

  g_variant_builder_init (&ders, G_VARIANT_TYPE ("aay"));
  for (guint i = 0; certificates != NULL && i < certificates->len; i++)
    {
      GBytes *der = iss_certificate_get_der (certificates->pdata[i]);

      g_variant_builder_add_value (&ders, iss_agent_wire_new_bytes (der));
    }

  request = g_variant_ref_sink (g_variant_new ("(u@ayaay)", (guint32) kind,
                                               iss_agent_wire_new_bytes (message), &ders));

  return iss_secret_new (g_variant_get_data (request), g_variant_get_size (request));
}

static GPtrArray *
read_certificates (GVariant  *ders,
                   GError   **error)
{
  g_autoptr(GPtrArray) certificates = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; i < g_variant_n_children (ders) && i < MAX_CERTIFICATES; i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (ders, i);
      g_autoptr(GBytes) der = iss_agent_wire_dup_bytes (child);
      IssCertificate *certificate = iss_certificate_new_from_der (der, error);

      if (certificate == NULL)
        return NULL;

      g_ptr_array_add (certificates, certificate);
    }

  return g_steal_pointer (&certificates);
}

static gboolean
check_certificate (GBytes  *message,
                   GError **error)
{
  g_autoptr(IssCertificate) certificate = iss_certificate_new_from_der (message, error);

  return certificate != NULL;
}

static gboolean
check_signed (GBytes     *message,
              GPtrArray  *signers,
              GError    **error)
{
  g_autoptr(GBytes) content =
    iss_signed_data_verify (message, signers, ISS_SIGNED_DATA_MAX_CONTENT, NULL, NULL, error);

  return content != NULL;
}

static gboolean
check_administrators (GBytes  *message,
                      GError **error)
{
  g_autoptr(IssAdministrators) administrators = iss_administrators_read (message, error);

  return administrators != NULL;
}

static gboolean
check (guint32     kind,
       GBytes     *message,
       GPtrArray  *certificates,
       GError    **error)
{
  if (kind == ISS_VETTING_CERTIFICATE)
    return check_certificate (message, error);
  if (kind == ISS_VETTING_SEAL && certificates->len == 1)
    return iss_seal_check (message, certificates->pdata[0], error);
  if (kind == ISS_VETTING_SIGNED)
    return check_signed (message, certificates, error);
  if (kind == ISS_VETTING_ADMINISTRATORS)
    return check_administrators (message, error);

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("What shall be checked is of no kind that there is"));

  return FALSE;
}

/**
 * iss_vetting_answer:
 * @request: of iss_vetting_pack(), from the agent that has started this process
 * @error: return location for an error: what is wrong with the message, in the words of whoever
 *   decodes it
 *
 * Returns: whether the message can be decoded and is what it is said to be
 */
gboolean
iss_vetting_answer (IssSecret  *request,
                    GError    **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GVariant) message_variant = NULL;
  g_autoptr(GVariant) ders = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GPtrArray) certificates = NULL;
  gconstpointer data;
  gsize size;
  guint32 kind;

  g_return_val_if_fail (request != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  data = iss_secret_get_data (request, &size);
  bytes = g_bytes_new (data, size);
  variant = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (REQUEST), bytes, FALSE));
  g_variant_get (variant, "(u@ay@aay)", &kind, &message_variant, &ders);
  message = iss_agent_wire_dup_bytes (message_variant);
  certificates = read_certificates (ders, error);

  return certificates != NULL && check (kind, message, certificates, error);
}

/**
 * iss_vetting_ask:
 * @program: what decodes; %ISS_VETTING_OWN
 * @kind: what the message is said to be
 * @message: from outside
 * @certificates: (nullable) (element-type IssCertificate): see #IssVettingKind
 * @cancellable: (nullable): ends it at once
 * @error: return location for an error
 *
 * Has a message decoded by another process before this one does it. Blocks: not for the main
 * thread. The other process has ended when this returns.
 *
 * Errors: those of iss_vetting_answer(); %ISS_ERROR_TOO_LARGE; %ISS_ERROR_TOO_COSTLY after
 * %ISS_VETTING_SECONDS; %ISS_ERROR_FAILED if the process cannot be started, crashes, is ended by
 * its limits, or answers nonsense.
 *
 * Returns: whether the message can be decoded without harm
 */
gboolean
iss_vetting_ask (const char      *program,
                 IssVettingKind   kind,
                 GBytes          *message,
                 GPtrArray       *certificates,
                 GCancellable    *cancellable,
                 GError         **error)
{
  const char *failed = _("What was sent made its reader fail; nothing was changed");
  g_autofree char *too_late = NULL;
  g_autoptr(IssSecret) request = NULL;
  g_autoptr(IssSecret) answer = NULL;
  IssHelperProcess reader =
    {
      .name = NAME,
      .option = ISS_VETTING_OPTION,
      .cannot_start = _("The reader of messages cannot be started"),
      .failed = failed,
      .read_header = iss_parser_wire_read_header,
    };

  g_return_val_if_fail (program != NULL, FALSE);
  g_return_val_if_fail (message != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (g_bytes_get_size (message) > ISS_VETTING_MAX_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("What was sent is larger than %d MiB"), ISS_VETTING_MAX_SIZE / (1024 * 1024));
      return FALSE;
    }

  reader.too_late = too_late =
    g_strdup_printf (_("What was sent was not read within %d seconds; nothing was changed"),
                     ISS_VETTING_SECONDS);
  request = iss_vetting_pack (kind, message, certificates);
  answer = iss_helper_process_ask (&reader, program, ISS_VETTING_SECONDS, request, cancellable,
                                   error);

  return answer != NULL && iss_parser_wire_unpack_sound (answer, failed, error);
}

/**
 * iss_vetting_read_certificate:
 * @program: what decodes; %ISS_VETTING_OWN
 * @der: from outside
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error, as of iss_vetting_ask()
 *
 * Returns: (transfer full): the certificate
 */
IssCertificate *
iss_vetting_read_certificate (const char    *program,
                              GBytes        *der,
                              GCancellable  *cancellable,
                              GError       **error)
{
  if (!iss_vetting_ask (program, ISS_VETTING_CERTIFICATE, der, NULL, cancellable, error))
    return NULL;

  return iss_certificate_new_from_der (der, error);
}

/**
 * iss_vetting_open_seal:
 * @program: what decodes; %ISS_VETTING_OWN
 * @sealed: from outside
 * @recipient: the certificate it must be sealed to
 * @key: its private key, which stays in this process
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error, as of iss_vetting_ask() and iss_seal_open()
 *
 * Returns: (transfer full): the content
 */
IssSecret *
iss_vetting_open_seal (const char      *program,
                       GBytes          *sealed,
                       IssCertificate  *recipient,
                       IssPrivateKey   *key,
                       GCancellable    *cancellable,
                       GError         **error)
{
  g_autoptr(GPtrArray) certificates = g_ptr_array_new ();

  g_ptr_array_add (certificates, recipient);
  if (!iss_vetting_ask (program, ISS_VETTING_SEAL, sealed, certificates, cancellable, error))
    return NULL;

  return iss_seal_open (sealed, recipient, key, error);
}

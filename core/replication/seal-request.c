/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/seal-request.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/signed-data.h"

/* The first bytes of what is signed: an administrator's key signs other things, too. */
#define TITLE "issuant seal request 1"

/* title, pool, server, certificate, recipients */
#define CONTENT_TYPE "(sssayaay)"

#define MAX_CERTIFICATE (16 * 1024)

/**
 * iss_seal_request_new:
 * @pool: a pool
 * @server: the id of the server that is asked
 * @sha256: a certificate whose key it has, 32 bytes
 * @recipients: (element-type IssCertificate): to whom it is to be sealed
 *
 * Returns: (transfer full): the request
 */
IssSealRequest *
iss_seal_request_new (const char *pool,
                      const char *server,
                      GBytes     *sha256,
                      GPtrArray  *recipients)
{
  IssSealRequest *self;

  g_return_val_if_fail (pool != NULL && server != NULL, NULL);
  g_return_val_if_fail (sha256 != NULL && recipients != NULL, NULL);

  self = g_new0 (IssSealRequest, 1);
  self->pool = g_strdup (pool);
  self->server = g_strdup (server);
  self->sha256 = g_bytes_ref (sha256);
  self->recipients = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < recipients->len; i++)
    g_ptr_array_add (self->recipients, g_object_ref (recipients->pdata[i]));

  return self;
}

/**
 * iss_seal_request_free:
 * @self: (transfer full): a request
 */
void
iss_seal_request_free (IssSealRequest *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->pool);
  g_free (self->server);
  g_bytes_unref (self->sha256);
  g_ptr_array_unref (self->recipients);
  g_free (self);
}

static GVariant *
new_bytes (GBytes *bytes)
{
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}

/**
 * iss_seal_request_sign:
 * @self: a request
 * @signer: an administrator
 * @signer_key: the private key of @signer
 * @now: seconds since 1970
 * @error: return location for an error, as of iss_signed_data_sign()
 *
 * Returns: (transfer full): the request as it is sent
 */
GBytes *
iss_seal_request_sign (const IssSealRequest  *self,
                       IssCertificate        *signer,
                       IssPrivateKey         *signer_key,
                       gint64                 now,
                       GError               **error)
{
  GVariantBuilder recipients;
  g_autoptr(GVariant) native = NULL;
  g_autoptr(GVariant) content = NULL;
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  g_variant_builder_init (&recipients, G_VARIANT_TYPE ("aay"));
  for (guint i = 0; i < self->recipients->len; i++)
    g_variant_builder_add_value (&recipients,
                                 new_bytes (iss_certificate_get_der (self->recipients->pdata[i])));

  native = g_variant_ref_sink (g_variant_new ("(sss@ayaay)", TITLE, self->pool, self->server,
                                              new_bytes (self->sha256), &recipients));
  content = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (native)
                                            : g_variant_byteswap (native);
  bytes = g_variant_get_data_as_bytes (content);

  return iss_signed_data_sign (bytes, signer, signer_key, now, error);
}

static IssSealRequest *
refuse (GError **error)
{
  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       _("What is signed is not a request to seal a key"));

  return NULL;
}

static GPtrArray *
read_recipients (GVariant  *variant,
                 GError   **error)
{
  const gsize n = g_variant_n_children (variant);
  g_autoptr(GPtrArray) recipients = g_ptr_array_new_with_free_func (g_object_unref);

  if (n == 0 || n > ISS_SEAL_REQUEST_MAX_RECIPIENTS)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("A key is sealed to 1 to %d servers at once"),
                   ISS_SEAL_REQUEST_MAX_RECIPIENTS);
      return NULL;
    }

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (variant, i);
      g_autoptr(GBytes) der = g_variant_get_data_as_bytes (child);
      IssCertificate *recipient = NULL;

      if (g_bytes_get_size (der) <= MAX_CERTIFICATE)
        recipient = iss_certificate_new_from_der (der, NULL);
      if (recipient == NULL)
        {
          refuse (error);
          return NULL;
        }

      g_ptr_array_add (recipients, recipient);
    }

  return g_steal_pointer (&recipients);
}

/**
 * iss_seal_request_verify:
 * @message: from outside
 * @pool: the pool of this server
 * @server: its id
 * @administrators: (element-type IssCertificate): who may ask
 * @error: return location for an error: %ISS_ERROR_REFUSED when it is for another server, or as
 *   of iss_signed_data_verify()
 *
 * Returns: (transfer full): the request
 */
IssSealRequest *
iss_seal_request_verify (GBytes      *message,
                         const char  *pool,
                         const char  *server,
                         GPtrArray   *administrators,
                         GError     **error)
{
  g_autoptr(GBytes) content = NULL;
  g_autoptr(GVariant) written = NULL;
  g_autoptr(GVariant) native = NULL;
  g_autoptr(GVariant) sha256_variant = NULL;
  g_autoptr(GVariant) list = NULL;
  g_autoptr(GPtrArray) recipients = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  const char *title, *its_pool, *its_server;

  g_return_val_if_fail (message != NULL && administrators != NULL, NULL);
  g_return_val_if_fail (pool != NULL && server != NULL, NULL);

  content = iss_signed_data_verify (message, administrators, ISS_SEAL_REQUEST_MAX_SIZE, NULL,
                                    NULL, error);
  if (content == NULL)
    return NULL;

  written = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (CONTENT_TYPE), content,
                                                          FALSE));
  if (!g_variant_is_normal_form (written))
    return refuse (error);

  native = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (written)
                                           : g_variant_byteswap (written);
  g_variant_get (native, "(&s&s&s@ay@aay)", &title, &its_pool, &its_server, &sha256_variant,
                 &list);
  sha256 = g_variant_get_data_as_bytes (sha256_variant);
  if (!g_str_equal (title, TITLE) || g_bytes_get_size (sha256) != ISS_SHA256_SIZE)
    return refuse (error);

  if (!g_str_equal (its_pool, pool) || !g_str_equal (its_server, server))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED,
                           _("The request to seal a key is for another server"));
      return NULL;
    }

  recipients = read_recipients (list, error);

  return recipients != NULL ? iss_seal_request_new (pool, server, sha256, recipients) : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/enrolment.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/signed-data.h"
#include "core/pool/server-enroll.h"

/* The first bytes of what is signed: an administrator's key signs other things, too. */
#define TITLE "issuant enrolment 1"

/* title, pool, server, its id, connection, host key, recipient */
#define CONTENT_TYPE "(ssssssay)"

#define MAX_SIZE (64 * 1024)
#define MAX_NAME 255
#define MAX_CONNECTION 1024

/**
 * iss_enrolment_new:
 * @pool: a pool
 * @server: the name of a server of it
 * @server_id: what the server itself says that it is
 * @recipient: the certificate that it has proved to hold the key of
 * @connection: how it was reached
 * @host_key: the ssh host key it was seen under, as iss_server_enroll_finish() tells it; "" when
 *   an earlier version did not note it
 * @at: when
 *
 * Returns: (transfer full): the record
 */
IssEnrolment *
iss_enrolment_new (const char     *pool,
                   const char     *server,
                   const char     *server_id,
                   IssCertificate *recipient,
                   const char     *connection,
                   const char     *host_key,
                   gint64          at)
{
  IssEnrolment *self;

  g_return_val_if_fail (pool != NULL && server != NULL && server_id != NULL, NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (recipient), NULL);
  g_return_val_if_fail (connection != NULL && host_key != NULL, NULL);

  self = g_new0 (IssEnrolment, 1);
  self->pool = g_strdup (pool);
  self->server = g_strdup (server);
  self->server_id = g_strdup (server_id);
  self->recipient = g_object_ref (recipient);
  self->connection = g_strdup (connection);
  self->host_key = g_strdup (host_key);
  self->at = at;

  return self;
}

/**
 * iss_enrolment_free:
 * @self: (transfer full): a record
 */
void
iss_enrolment_free (IssEnrolment *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->pool);
  g_free (self->server);
  g_free (self->server_id);
  g_object_unref (self->recipient);
  g_free (self->connection);
  g_free (self->host_key);
  g_free (self);
}

/**
 * iss_enrolment_sign:
 * @self: a record
 * @signer: the administrator who has seen it
 * @signer_key: the private key of @signer
 * @error: return location for an error, as of iss_signed_data_sign()
 *
 * Returns: (transfer full): the record as it goes into the central store
 */
GBytes *
iss_enrolment_sign (const IssEnrolment  *self,
                    IssCertificate      *signer,
                    IssPrivateKey       *signer_key,
                    GError             **error)
{
  g_autoptr(GVariant) native = NULL;
  g_autoptr(GVariant) content = NULL;
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  native = g_variant_ref_sink (
    g_variant_new ("(ssssss@ay)", TITLE, self->pool, self->server, self->server_id,
                   self->connection, self->host_key,
                   g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING,
                                             iss_certificate_get_der (self->recipient), TRUE)));
  content = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (native)
                                            : g_variant_byteswap (native);
  bytes = g_variant_get_data_as_bytes (content);

  return iss_signed_data_sign (bytes, signer, signer_key, self->at, error);
}

static IssEnrolment *
refuse (GError     **error,
        const char  *server)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
               _("The enrolment of %s in the central store is damaged, or that of another server: "
                 "enrol the server again"), server);

  return NULL;
}

/**
 * iss_enrolment_verify:
 * @message: from the central store, which is not trusted
 * @pool: what it must be about
 * @server: the same
 * @administrators: (element-type IssCertificate): of the pool
 * @error: return location for an error: %ISS_ERROR_MALFORMED, or as of iss_signed_data_verify()
 *
 * Returns: (transfer full): the record
 */
IssEnrolment *
iss_enrolment_verify (GBytes      *message,
                      const char  *pool,
                      const char  *server,
                      GPtrArray   *administrators,
                      GError     **error)
{
  g_autoptr(GBytes) content = NULL;
  g_autoptr(GVariant) written = NULL;
  g_autoptr(GVariant) native = NULL;
  g_autoptr(GVariant) der_variant = NULL;
  g_autoptr(GBytes) der = NULL;
  g_autoptr(IssCertificate) recipient = NULL;
  const char *title, *its_pool, *its_server, *id, *connection, *host_key;
  gint64 at;

  g_return_val_if_fail (message != NULL && pool != NULL && server != NULL, NULL);
  g_return_val_if_fail (administrators != NULL, NULL);

  content = iss_signed_data_verify (message, administrators, MAX_SIZE, NULL, &at, error);
  if (content == NULL)
    return NULL;

  written = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (CONTENT_TYPE), content,
                                                          FALSE));
  if (!g_variant_is_normal_form (written))
    return refuse (error, server);

  native = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (written)
                                           : g_variant_byteswap (written);
  g_variant_get (native, "(&s&s&s&s&s&s@ay)", &title, &its_pool, &its_server, &id, &connection,
                 &host_key, &der_variant);
  if (!g_str_equal (title, TITLE) || !g_str_equal (its_pool, pool) ||
      !g_str_equal (its_server, server) || *id == '\0' || !iss_text_is_clean (id, MAX_NAME) ||
      !iss_text_is_clean (connection, MAX_CONNECTION) || !iss_text_is_clean (host_key, MAX_NAME))
    return refuse (error, server);

  der = g_variant_get_data_as_bytes (der_variant);
  recipient = iss_certificate_new_from_der (der, NULL);
  if (recipient == NULL)
    return refuse (error, server);

  return iss_enrolment_new (pool, server, id, recipient, connection, host_key, at);
}

/**
 * iss_enrolment_dup_seen:
 * @self: a record
 *
 * Returns: (transfer full): under which host key the server was seen, in words
 */
char *
iss_enrolment_dup_seen (const IssEnrolment *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (*self->host_key == '\0')
    return g_strdup (_("ssh host key not noted: enrol it again"));
  if (g_str_equal (self->host_key, ISS_SERVER_ENROLL_LOCAL))
    return g_strdup (_("on this computer, without ssh"));

  /* Translators: "ssh-ed25519 SHA256:…" */
  return g_strdup_printf (_("ssh host key %s"), self->host_key);
}

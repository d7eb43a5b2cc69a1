/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/proof.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/certificate/signature.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/random.h>

#define TITLE "issuant proof 1\n"

struct _IssProof
{
  /* Owned */
  IssCertificate *certificate;
  GBytes         *own;
  GBytes         *signature;

  gint64          time;
};

/**
 * iss_proof_new_nonce:
 * @error: return location for an error
 *
 * Returns: (transfer full): 32 random bytes, to be used once
 */
GBytes *
iss_proof_new_nonce (GError **error)
{
  guint8 random[ISS_PROOF_NONCE_SIZE];

  if (getrandom (random, sizeof random, 0) != sizeof random)
    {
      iss_error_set_from_errno (error, errno, _("The system gives no random bytes"));
      return NULL;
    }

  return g_bytes_new (random, sizeof random);
}

static void
append_bytes (GByteArray *array,
              GBytes     *bytes)
{
  g_byte_array_append (array, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
}

/**
 * iss_proof_new_statement:
 * @server_id: what tells the server from every other
 * @type: the name of a certificate type; "" where it is about no assignment
 * @sha256: the certificate, 32 bytes
 * @nonce: the caller's 32 bytes
 * @own: the server's 32 bytes
 * @time: the server's clock, seconds since 1970
 *
 * Returns: (transfer full): what is signed
 */
GBytes *
iss_proof_new_statement (const char *server_id,
                         const char *type,
                         GBytes     *sha256,
                         GBytes     *nonce,
                         GBytes     *own,
                         gint64      time)
{
  g_autofree char *text = iss_time_text_iso (time);
  GByteArray *statement;

  g_return_val_if_fail (server_id != NULL && type != NULL, NULL);
  g_return_val_if_fail (g_bytes_get_size (sha256) == ISS_SHA256_SIZE, NULL);
  g_return_val_if_fail (g_bytes_get_size (nonce) == ISS_PROOF_NONCE_SIZE, NULL);
  g_return_val_if_fail (g_bytes_get_size (own) == ISS_PROOF_NONCE_SIZE, NULL);

  statement = g_byte_array_new ();
  g_byte_array_append (statement, (const guint8 *) TITLE, strlen (TITLE));
  g_byte_array_append (statement, (const guint8 *) server_id, (guint) strlen (server_id) + 1);
  g_byte_array_append (statement, (const guint8 *) type, (guint) strlen (type) + 1);
  append_bytes (statement, sha256);
  append_bytes (statement, nonce);
  append_bytes (statement, own);
  g_byte_array_append (statement, (const guint8 *) text, (guint) strlen (text));

  return g_byte_array_free_to_bytes (statement);
}

/**
 * iss_proof_new:
 * @certificate: whose key signed
 * @own: the server's 32 bytes
 * @time: the server's clock
 * @signature: the signature of the statement
 *
 * Returns: (transfer full): a proof as it was sent, not verified
 */
IssProof *
iss_proof_new (IssCertificate *certificate,
               GBytes         *own,
               gint64          time,
               GBytes         *signature)
{
  IssProof *self;

  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), NULL);
  g_return_val_if_fail (g_bytes_get_size (own) == ISS_PROOF_NONCE_SIZE, NULL);
  g_return_val_if_fail (signature != NULL, NULL);

  self = g_new0 (IssProof, 1);
  self->certificate = g_object_ref (certificate);
  self->own = g_bytes_ref (own);
  self->time = time;
  self->signature = g_bytes_ref (signature);
  return self;
}

/**
 * iss_proof_free:
 * @self: (transfer full): a proof
 */
void
iss_proof_free (IssProof *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->certificate);
  g_bytes_unref (self->own);
  g_bytes_unref (self->signature);
  g_free (self);
}

/**
 * iss_proof_make:
 * @key: the key of @certificate
 * @certificate: a certificate
 * @server_id: what tells this server from every other
 * @type: the name of a certificate type that uses it here; "" where it is about none
 * @nonce: the caller's 32 bytes
 * @now: the time, seconds since 1970
 * @error: return location for an error, as of iss_signature_make()
 *
 * Returns: (transfer full): a proof that @key is here
 */
IssProof *
iss_proof_make (IssPrivateKey   *key,
                IssCertificate  *certificate,
                const char      *server_id,
                const char      *type,
                GBytes          *nonce,
                gint64           now,
                GError         **error)
{
  g_autoptr(GBytes) own = NULL;
  g_autoptr(GBytes) statement = NULL;
  g_autoptr(GBytes) signature = NULL;

  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (key), NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), NULL);

  own = iss_proof_new_nonce (error);
  if (own == NULL)
    return NULL;

  statement = iss_proof_new_statement (server_id, type, iss_certificate_get_sha256 (certificate),
                                       nonce, own, now);
  signature = iss_signature_make (key, statement, error);

  return signature != NULL ? iss_proof_new (certificate, own, now, signature) : NULL;
}

/**
 * iss_proof_verify:
 * @self: a proof from a server
 * @server_id: the server that was asked
 * @type: what was asked: a certificate type, or ""
 * @sha256: what was asked: the certificate, 32 bytes
 * @nonce: what was asked with; never used before
 * @earliest: seconds since 1970 by the server's clock, as far as it is known
 * @latest: the same
 * @error: return location for an error
 *
 * Errors: %ISS_ERROR_FAILED: the server did not prove it, and why.
 *
 * Returns: whether that server holds the private key of the certificate now
 */
gboolean
iss_proof_verify (IssProof    *self,
                  const char  *server_id,
                  const char  *type,
                  GBytes      *sha256,
                  GBytes      *nonce,
                  gint64       earliest,
                  gint64       latest,
                  GError     **error)
{
  g_autoptr(GBytes) statement = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!g_bytes_equal (iss_certificate_get_sha256 (self->certificate), sha256))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_FAILED,
                           _("The server answers with another certificate than was asked about"));
      return FALSE;
    }

  statement = iss_proof_new_statement (server_id, type, sha256, nonce, self->own, self->time);
  if (!iss_signature_verify (self->certificate, statement, self->signature, error))
    return FALSE;

  if (self->time < earliest || self->time > latest)
    {
      g_autofree char *time = iss_time_text_iso (self->time);
      g_autofree char *expected = iss_time_text_iso (earliest + (latest - earliest) / 2);

      /* Translators: two instants */
      g_set_error (error, ISS_ERROR, ISS_ERROR_FAILED,
                   _("The signature is right, but says that it was made at %s, and not at %s: the "
                     "server's clock was set meanwhile. Look at the server again, then repeat it"),
                   time, expected);
      return FALSE;
    }

  return TRUE;
}

/**
 * iss_proof_get_certificate:
 * @self: a proof
 *
 * Returns: (transfer none): the certificate whose key is said to have signed
 */
IssCertificate *
iss_proof_get_certificate (IssProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->certificate;
}

/**
 * iss_proof_get_own:
 * @self: a proof
 *
 * Returns: (transfer none): the server's 32 bytes
 */
GBytes *
iss_proof_get_own (IssProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->own;
}

/**
 * iss_proof_get_time:
 * @self: a proof
 *
 * Returns: when it was made, by the server's clock
 */
gint64
iss_proof_get_time (IssProof *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->time;
}

/**
 * iss_proof_get_signature:
 * @self: a proof
 *
 * Returns: (transfer none): the signature of the statement
 */
GBytes *
iss_proof_get_signature (IssProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->signature;
}

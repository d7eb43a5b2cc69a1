/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/arming.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/formats/signed-data.h"

/* The first bytes of what is signed: an administrator's key signs other things, too. */
#define TITLE "issuant arming 1"

/* Title, pool, type, revision, SHA-256 of the staged certificate: for one manifest there is one
 * statement. */
static GBytes *
encode (const IssManifest *manifest)
{
  GBytes *sha256 = iss_certificate_get_sha256 (manifest->slot[ISS_SLOT_STAGED]);
  g_autoptr(GVariant) native = NULL;
  g_autoptr(GVariant) content = NULL;

  native = g_variant_ref_sink (
    g_variant_new ("(ssst@ay)", TITLE, manifest->pool, manifest->type->name, manifest->revision,
                   g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, sha256, TRUE)));
  content = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (native)
                                            : g_variant_byteswap (native);

  return g_variant_get_data_as_bytes (content);
}

/**
 * iss_arming_sign:
 * @manifest: what is wanted, with something staged
 * @signer: an administrator
 * @signer_key: the private key of @signer
 * @now: seconds since 1970
 * @error: return location for an error, as of iss_signed_data_sign()
 *
 * Returns: (transfer full): what arms it, on every server alike
 */
GBytes *
iss_arming_sign (const IssManifest  *manifest,
                 IssCertificate     *signer,
                 IssPrivateKey      *signer_key,
                 gint64              now,
                 GError            **error)
{
  g_autoptr(GBytes) content = NULL;

  g_return_val_if_fail (manifest != NULL, NULL);
  g_return_val_if_fail (manifest->slot[ISS_SLOT_STAGED] != NULL, NULL);

  content = encode (manifest);

  return iss_signed_data_sign (content, signer, signer_key, now, error);
}

/**
 * iss_arming_verify:
 * @statement: what arms something, from outside
 * @manifest: what was accepted
 * @administrators: (element-type IssCertificate): who may sign
 * @error: return location for an error: %ISS_ERROR_REFUSED when it arms something else, else as
 *   of iss_signed_data_verify()
 *
 * Returns: whether it arms what @manifest has staged
 */
gboolean
iss_arming_verify (GBytes             *statement,
                   const IssManifest  *manifest,
                   GPtrArray          *administrators,
                   GError            **error)
{
  g_autoptr(GBytes) content = NULL;
  g_autoptr(GBytes) expected = NULL;

  g_return_val_if_fail (statement != NULL && manifest != NULL, FALSE);
  g_return_val_if_fail (administrators != NULL, FALSE);

  content = iss_signed_data_verify (statement, administrators, ISS_ARMING_MAX_SIZE, NULL, NULL,
                                    error);
  if (content == NULL)
    return FALSE;

  if (manifest->slot[ISS_SLOT_STAGED] != NULL)
    expected = encode (manifest);
  if (expected != NULL && g_bytes_equal (content, expected))
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
               _("The statement does not arm what is staged by revision %" G_GUINT64_FORMAT
                 " of %s: it is about something else"), manifest->revision, manifest->type->name);

  return FALSE;
}

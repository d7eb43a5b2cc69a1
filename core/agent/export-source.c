/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/export-source.h"

#include <glib/gi18n-lib.h>

#include "core/assignment/trust.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"

static gboolean
find_certificate (IssExportSource  *self,
                  IssRootFolder    *root,
                  IssStoreName      store,
                  const char       *hex,
                  GError          **error)
{
  for (guint i = 0; store == ISS_N_STORES && i < ISS_N_STORES; i++)
    {
      if (iss_certificate_store_contains (root, (IssStoreName) i, hex))
        store = (IssStoreName) i;
    }

  if (store == ISS_N_STORES)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                           _("The certificate is in none of the server's stores"));
      return FALSE;
    }

  self->certificate = iss_certificate_store_get (root, store, hex, error);
  return self->certificate != NULL;
}

static gboolean
build_chain (IssExportSource  *self,
             IssRootFolder    *root,
             gint64            now,
             GError          **error)
{
  g_autoptr(IssChain) chain = iss_trust_build_chain (root, self->certificate, now, error);

  if (chain == NULL)
    return FALSE;

  self->chain = g_ptr_array_ref (iss_chain_get_links (chain));
  if (iss_chain_get_status (chain) != ISS_CHAIN_STATUS_TRUSTED)
    self->note = g_strdup (iss_chain_get_message (chain));
  return TRUE;
}

/**
 * iss_export_source_load:
 * @self: zeroed; to be cleared, also on failure
 * @root: a server's folder
 * @store: where to look; %ISS_N_STORES = in all
 * @sha256: 32 bytes
 * @include_chain: whether its issuers go along, as far as they are on the server
 * @now: the time, seconds since 1970
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND
 *
 * Reads the certificate and what is around it, but not its key.
 *
 * Returns: whether it is there
 */
gboolean
iss_export_source_load (IssExportSource  *self,
                        IssRootFolder    *root,
                        IssStoreName      store,
                        GBytes           *sha256,
                        gboolean          include_chain,
                        gint64            now,
                        GError          **error)
{
  g_autofree char *hex = NULL;
  g_auto(IssProperties) properties = { NULL };

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (g_bytes_get_size (sha256) == ISS_SHA256_SIZE, FALSE);

  hex = iss_text_hex (g_bytes_get_data (sha256, NULL), ISS_SHA256_SIZE, FALSE);
  if (!find_certificate (self, root, store, hex, error) ||
      !iss_properties_load (&properties, root, hex, error))
    return FALSE;

  self->friendly_name = g_strdup (properties.friendly_name);
  if (include_chain)
    return build_chain (self, root, now, error);

  self->chain = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->chain, g_object_ref (self->certificate));
  return TRUE;
}

/**
 * iss_export_source_load_key:
 * @self: with its certificate
 * @root: the same folder
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND without a key,
 *   %ISS_ERROR_REFUSED for one that must not or cannot leave
 *
 * Reads the private key, if it may be exported.
 *
 * Returns: whether it was read
 */
gboolean
iss_export_source_load_key (IssExportSource  *self,
                            IssRootFolder    *root,
                            GError          **error)
{
  GBytes *spki;

  g_return_val_if_fail (self->certificate != NULL, FALSE);

  spki = iss_certificate_get_spki_sha256 (self->certificate);
  if (iss_key_file_get_state (root, spki) == ISS_KEY_STATE_TOKEN)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED,
                           _("The private key cannot be exported: it is in a token"));
      return FALSE;
    }

  /* Without a mark that can be read it is not exportable; without a key that says it all. */
  if (iss_key_file_get_state (root, spki) == ISS_KEY_STATE_FILE &&
      !iss_key_file_is_exportable (root, spki))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED,
                           _("The private key is marked as not exportable: Issuant will not "
                             "export it; root on this server still can"));
      return FALSE;
    }

  self->key = iss_key_file_load (root, spki, error);
  return self->key != NULL;
}

/**
 * iss_export_source_dup_bundle:
 * @self: with its certificate
 * @with_names: whether the friendly name goes along
 *
 * Returns: (transfer full): certificates and key, as a PFX file takes them
 */
IssBundle *
iss_export_source_dup_bundle (IssExportSource *self,
                              gboolean         with_names)
{
  IssBundle *bundle = iss_bundle_new (ISS_FORMAT_PFX, ISS_INTEGRITY_NONE);

  for (guint i = 0; i < self->chain->len; i++)
    iss_bundle_add_certificate (bundle, self->chain->pdata[i],
                                with_names && i == 0 ? self->friendly_name : NULL);

  if (self->key != NULL)
    iss_bundle_add_key (bundle, self->key);

  return bundle;
}

/**
 * iss_export_source_clear:
 * @self: a source
 *
 * Gives up what it holds.
 */
void
iss_export_source_clear (IssExportSource *self)
{
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->chain, g_ptr_array_unref);
  g_clear_object (&self->key);
  g_clear_pointer (&self->friendly_name, g_free);
  g_clear_pointer (&self->note, g_free);
}

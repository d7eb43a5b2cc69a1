/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/global-target.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"

/* A key that was sealed to this server since it was enrolled goes into its next package as it
 * is: nobody has to hold it for that. */
static void
take_sealed (IssGlobalTarget   *self,
             const IssManifest *manifest,
             IssPackage        *package)
{
  const IssManifest *before = iss_package_get_manifest (package);

  if (!g_str_equal (before->server, self->enrolment->server_id) ||
      iss_package_get_signed_at (package) < self->enrolment->at)
    return;

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    for (guint k = 0; iss_manifest_needs_key (manifest, (IssSlot) i) && k < ISS_N_SLOTS; k++)
      {
        GBytes *sealed = iss_package_get_sealed_key (package, (IssSlot) k);

        if (self->sealed[i] == NULL && sealed != NULL &&
            g_str_equal (iss_certificate_get_sha256_hex (manifest->slot[i]),
                         iss_certificate_get_sha256_hex (before->slot[k])))
          self->sealed[i] = g_bytes_ref (sealed);
      }
}

static gboolean
load_package (IssGlobalTarget    *self,
              IssCentralStore    *store,
              const IssManifest  *manifest,
              const IssWanted    *present,
              GError            **error)
{
  const IssWantedServer *entry = present != NULL ? iss_wanted_find_server (present, self->server)
                                                 : NULL;
  g_autoptr(IssAdministrators) administrators = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IssPackage) package = NULL;

  if (entry == NULL)
    return TRUE;

  administrators = iss_central_store_get_administrators (store, manifest->pool, NULL, error);
  if (administrators == NULL)
    return FALSE;

  /* One that is lost, damaged, or signed by somebody who is not one any more is composed anew. */
  bytes = iss_central_store_get_package (store, entry->package_hex, NULL);
  package = bytes != NULL ? iss_package_verify (bytes, administrators->certificates, NULL) : NULL;
  if (package == NULL)
    return TRUE;

  take_sealed (self, manifest, package);
  if (iss_package_get_manifest (package)->revision == manifest->revision &&
      g_str_equal (iss_package_get_manifest (package)->server, self->enrolment->server_id) &&
      iss_package_get_signed_at (package) >= self->enrolment->at)
    self->package_hex = g_strdup (entry->package_hex);

  return TRUE;
}

/**
 * iss_global_target_load:
 * @store: the central store
 * @manifest: what is wanted from now on
 * @present: (nullable): what was until now
 * @server: the name of a server of the pool
 * @error: return location for an error: the store cannot be read
 *
 * Returns: (transfer full): the server, with the keys that were sealed to it before
 */
IssGlobalTarget *
iss_global_target_load (IssCentralStore    *store,
                        const IssManifest  *manifest,
                        const IssWanted    *present,
                        const char         *server,
                        GError            **error)
{
  IssGlobalTarget *self;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (store), NULL);
  g_return_val_if_fail (manifest != NULL && server != NULL, NULL);

  self = g_new0 (IssGlobalTarget, 1);
  self->server = g_strdup (server);
  self->enrolment = iss_central_store_get_enrolment (store, manifest->pool, server, &local_error);
  if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      self->trouble = g_strdup (_("it is not enrolled: issuantctl enroll-server"));
      return self;
    }

  if (self->enrolment != NULL && load_package (self, store, manifest, present, &local_error))
    return self;

  iss_global_target_free (self);
  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

/**
 * iss_global_target_free:
 * @self: (transfer full): a server
 */
void
iss_global_target_free (IssGlobalTarget *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    g_clear_pointer (&self->sealed[i], g_bytes_unref);
  g_clear_pointer (&self->enrolment, iss_enrolment_free);
  g_free (self->server);
  g_free (self->package_hex);
  g_free (self->trouble);
  g_free (self);
}

/**
 * iss_global_target_lacks:
 * @self: a server
 * @manifest: what is wanted
 * @slot: a slot
 *
 * Returns: whether the key of that slot is still to be sealed to it
 */
gboolean
iss_global_target_lacks (const IssGlobalTarget *self,
                         const IssManifest     *manifest,
                         IssSlot                slot)
{
  g_return_val_if_fail (self != NULL && manifest != NULL, FALSE);

  return self->trouble == NULL && self->package_hex == NULL && self->sealed[slot] == NULL &&
         iss_manifest_needs_key (manifest, slot);
}

/**
 * iss_global_target_seal:
 * @self: a server
 * @slot: a slot
 * @key: its private key
 * @error: return location for an error
 *
 * Returns: whether it is sealed to the server now
 */
gboolean
iss_global_target_seal (IssGlobalTarget  *self,
                        IssSlot           slot,
                        IssPrivateKey    *key,
                        GError          **error)
{
  g_return_val_if_fail (self != NULL && self->enrolment != NULL, FALSE);

  self->sealed[slot] = iss_package_seal_key (key, self->enrolment->recipient, error);

  return self->sealed[slot] != NULL;
}

/**
 * iss_global_target_compose:
 * @self: a server that lacks nothing
 * @manifest: what is wanted
 * @signer: an administrator
 * @signer_key: the private key of @signer
 * @now: seconds since 1970
 * @error: return location for an error
 *
 * Returns: (transfer full): its package
 */
GBytes *
iss_global_target_compose (const IssGlobalTarget  *self,
                           const IssManifest      *manifest,
                           IssCertificate         *signer,
                           IssPrivateKey          *signer_key,
                           gint64                  now,
                           GError                **error)
{
  g_autoptr(IssManifest) own = iss_manifest_copy (manifest);

  g_return_val_if_fail (self != NULL && self->enrolment != NULL, NULL);

  g_free (own->server);
  own->server = g_strdup (self->enrolment->server_id);

  return iss_package_compose (own, self->sealed, signer, signer_key, now, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/fetch.h"

#include <glib/gi18n.h>

#include "core/base/error.h"

/**
 * ctl_fetch_certificate:
 * @context: a context
 * @servers: (element-type IssServer): where it may be
 * @store: nick of a store; "" = any
 * @typed: a thumbprint, as somebody typed it
 * @out_server: (out) (transfer none) (optional): which server it came from
 * @out_properties: (out) (transfer full) (optional): its properties there
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND when nobody who answers has it
 *
 * Returns: (transfer full): the certificate
 */
IssCertificate *
ctl_fetch_certificate (CtlContext  *context,
                       GPtrArray   *servers,
                       const char  *store,
                       const char  *typed,
                       IssServer  **out_server,
                       GVariant   **out_properties,
                       GError     **error)
{
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(GError) local = NULL;
  IssStoreName name = ISS_STORE_MY;

  if (*store != '\0' && !iss_store_name_parse (store, &name, error))
    return NULL;

  sha256 = *store != '\0'
    ? ctl_context_find_certificate_in (context, servers, name, typed, error)
    : ctl_context_find_certificate (context, servers, typed, error);
  if (sha256 == NULL)
    return NULL;

  for (guint i = 0; i < servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (servers, i);
      g_autoptr(GAsyncResult) result = NULL;
      IssCertificate *certificate;

      g_clear_error (&local);
      iss_server_get_certificate_async (server, store, sha256, NULL, ctl_context_result_cb,
                                        context);
      result = ctl_context_wait (context);
      certificate = iss_server_get_certificate_finish (server, result, out_properties, &local);
      if (certificate == NULL)
        continue;

      if (out_server != NULL)
        *out_server = server;
      return certificate;
    }

  if (g_error_matches (local, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                 _("No server that answers has a certificate with the thumbprint %s"), typed);
  else
    g_propagate_error (error, g_steal_pointer (&local));

  return NULL;
}

/**
 * ctl_fetch_compromised:
 * @context: a context with --compromised
 * @pool: a pool
 * @error: return location for an error
 *
 * From whichever server of the pool has it: those that have not are to distrust it as well.
 *
 * Returns: (transfer full): the certificate
 */
IssCertificate *
ctl_fetch_compromised (CtlContext  *context,
                       IssPool     *pool,
                       GError     **error)
{
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  IssCertificate *certificate;

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (servers, iss_pool_get_server (pool, i));

  certificate = ctl_fetch_certificate (context, servers, "",
                                       ctl_context_get (context, "compromised"), NULL, NULL,
                                       error);
  if (certificate == NULL)
    g_prefix_error (error, "--compromised: ");

  return certificate;
}

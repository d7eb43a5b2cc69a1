/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/context.h"

#include <glib/gi18n.h>

#include "app/ctl/thumbprint.h"
#include "core/base/error.h"
#include "core/base/text.h"

/* Which certificate is meant. */

/* Listing a store on several servers to find what a thumbprint names. */
typedef struct
{
  IssStoreName  store;
  GPtrArray    *tables;   /* (element-type IssRowTable) */
} Listing;

static void
start_list (IssServer           *server,
            gpointer             listing,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  iss_server_list_rows_async (server, ((Listing *) listing)->store, cancellable, callback,
                              user_data);
}

static char *
finish_list (IssServer     *server,
             gpointer       listing,
             GAsyncResult  *result,
             GError       **error)
{
  IssRowTable *table = iss_server_list_rows_finish (server, result, error);

  if (table == NULL)
    return NULL;

  g_ptr_array_add (((Listing *) listing)->tables, table);

  return g_strdup ("");
}

/**
 * ctl_context_find_certificate_in:
 * @self: a context
 * @servers: (element-type IssServer): where to look
 * @store: in which store
 * @typed: a thumbprint as it was typed
 * @error: return location for an error
 *
 * Returns: (transfer full): the SHA-256 of the certificate, or %NULL with @error
 *   set: %ISS_ERROR_AMBIGUOUS, %ISS_ERROR_NOT_FOUND, or why no server answered
 */
GBytes *
ctl_context_find_certificate_in (CtlContext    *self,
                                 GPtrArray     *servers,
                                 IssStoreName   store,
                                 const char    *typed,
                                 GError       **error)
{
  g_autoptr(GBytes) thumbprint = iss_text_parse_thumbprint (typed, error);
  g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(IssJob) job = NULL;
  Listing listing = { store, tables };
  GBytes *found;

  if (thumbprint == NULL)
    return NULL;

  job = iss_job_new (servers, start_list, finish_list, &listing, NULL);
  ctl_context_run_job (self, job);

  found = ctl_thumbprint_find (tables, thumbprint, &local_error);
  if (found != NULL || local_error != NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      return found;
    }

  if (tables->len == 0)
    {
      g_propagate_error (error, g_error_copy (iss_job_entry_get_error (iss_job_get_entry (job,
                                                                                          0))));
      return NULL;
    }

  /* A whole SHA-256 names a certificate even where nobody has it. */
  if (g_bytes_get_size (thumbprint) == ISS_SHA256_SIZE)
    return g_steal_pointer (&thumbprint);

  g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
               _("No server that answers has a certificate with the thumbprint %s in %s"),
               typed, iss_store_name_get_label (store));

  return NULL;
}

/**
 * ctl_context_find_certificate:
 * @self: a context
 * @servers: (element-type IssServer): where to look, in Personal
 * @typed: a thumbprint as it was typed
 * @error: return location for an error
 *
 * Returns: (transfer full): as ctl_context_find_certificate_in()
 */
GBytes *
ctl_context_find_certificate (CtlContext  *self,
                              GPtrArray   *servers,
                              const char  *typed,
                              GError     **error)
{
  return ctl_context_find_certificate_in (self, servers, ISS_STORE_MY, typed, error);
}

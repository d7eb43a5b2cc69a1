/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-assign.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <glib/gi18n-lib.h>

/* What is assigned, or which slot is emptied, on each server. */
typedef struct
{
  char      **types;
  GBytes    **sha256;        /* one for each type, all the same; NULL for a removal */
  char      **sip_domains;
  IssSlot     slot;
  gboolean    force;
  gboolean    what_if;
} Assign;

static void
assign_free (gpointer data)
{
  Assign *self = data;

  for (guint i = 0; self->sha256 != NULL && self->types[i] != NULL; i++)
    g_bytes_unref (self->sha256[i]);
  g_free (self->sha256);
  g_strfreev (self->types);
  g_strfreev (self->sip_domains);
  g_free (self);
}

static void
assign_start (IssServer           *server,
              gpointer             job_data,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  Assign *self = job_data;
  IssAssignRequest request = {
    .types = (const char *const *) self->types,
    .sha256 = self->sha256,
    .server_name = iss_server_get_name (server),
    .sip_domains = (const char *const *) self->sip_domains,
    .force = self->force,
    .what_if = self->what_if,
  };

  iss_server_assign_async (server, &request, cancellable, callback, user_data);
}

/* @done and what else there is to say of the publication. */
static char *
dup_outcome (const IssAssignOutcome *outcome,
             const char             *done,
             gboolean                what_if)
{
  if (what_if)
    return g_strdup (done);

  if (outcome->publish_error != NULL && outcome->publish_error[0] != '\0')
    /* Translators: "assigned", and an error */
    return g_strdup_printf (_("%s, not published: %s"), done, outcome->publish_error);
  if (outcome->changed[0] == NULL)
    return g_strdup (done);
  if (!outcome->published)
    return g_strdup_printf (_("%s, not published"), done);

  return g_strdup_printf (_("%s, published"), done);
}

static char *
assign_finish (IssServer     *server,
               gpointer       job_data,
               GAsyncResult  *result,
               GError       **error)
{
  Assign *self = job_data;
  g_autoptr(IssAssignOutcome) outcome = iss_server_assign_finish (server, result, error);

  if (outcome == NULL)
    return NULL;

  if (outcome->changed[0] == NULL)
    return dup_outcome (outcome, _("assigned already"), self->what_if);

  return dup_outcome (outcome, self->what_if ? _("would be assigned") : _("assigned"),
                      self->what_if);
}

static void
remove_start (IssServer           *server,
              gpointer             job_data,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  Assign *self = job_data;

  iss_server_unassign_async (server, self->types[0], self->slot, self->force, self->what_if,
                             cancellable, callback, user_data);
}

static char *
remove_finish (IssServer     *server,
               gpointer       job_data,
               GAsyncResult  *result,
               GError       **error)
{
  Assign *self = job_data;
  g_autoptr(IssAssignOutcome) outcome = iss_server_unassign_finish (server, result, error);

  if (outcome == NULL)
    return NULL;

  if (outcome->changed[0] == NULL)
    return dup_outcome (outcome, _("nothing was assigned"), self->what_if);

  /* What is published then is what is left, if anything. */
  if (outcome->published)
    return g_strdup (_("removed"));

  return dup_outcome (outcome, self->what_if ? _("would be removed") : _("removed"),
                      self->what_if);
}

/**
 * iss_pool_assign_new:
 * @pool: the pool, whose SIP domains the certificate is judged by
 * @servers: (element-type IssServer): where
 * @types: names of certificate types
 * @sha256: the certificate
 * @force: pass warnings
 * @what_if: only say what would be done
 *
 * Returns: (transfer full): a job that makes the certificate current for all
 *   the types at once on each server
 */
IssJob *
iss_pool_assign_new (IssPool           *pool,
                     GPtrArray         *servers,
                     const char *const *types,
                     GBytes            *sha256,
                     gboolean           force,
                     gboolean           what_if)
{
  Assign *self;
  guint n;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);
  g_return_val_if_fail (servers != NULL, NULL);
  g_return_val_if_fail (types != NULL && types[0] != NULL, NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  n = g_strv_length ((char **) types);
  self = g_new0 (Assign, 1);
  self->types = g_strdupv ((char **) types);
  self->sha256 = g_new0 (GBytes *, n + 1);
  for (guint i = 0; i < n; i++)
    self->sha256[i] = g_bytes_ref (sha256);
  self->sip_domains = g_strdupv ((char **) iss_pool_get_sip_domains (pool));
  self->force = force;
  self->what_if = what_if;

  return iss_job_new (servers, assign_start, assign_finish, self, assign_free);
}

/**
 * iss_pool_assign_new_remove:
 * @pool: the pool
 * @servers: (element-type IssServer): where
 * @type: name of a certificate type
 * @slot: the slot to empty
 * @force: pass warnings
 * @what_if: only say what would be done
 *
 * Returns: (transfer full): a job that empties a slot on each server; no
 *   certificate is deleted
 */
IssJob *
iss_pool_assign_new_remove (IssPool    *pool,
                            GPtrArray  *servers,
                            const char *type,
                            IssSlot     slot,
                            gboolean    force,
                            gboolean    what_if)
{
  const char *const types[] = { type, NULL };
  Assign *self;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);
  g_return_val_if_fail (servers != NULL, NULL);
  g_return_val_if_fail (type != NULL, NULL);

  self = g_new0 (Assign, 1);
  self->types = g_strdupv ((char **) types);
  self->slot = slot;
  self->force = force;
  self->what_if = what_if;

  return iss_job_new (servers, remove_start, remove_finish, self, assign_free);
}

static gboolean
covers (IssJob    *job,
        IssServer *server)
{
  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    if (iss_job_entry_get_server (iss_job_get_entry (job, i)) == server)
      return TRUE;

  return FALSE;
}

/* Whether the job was for the whole pool and nobody who answers said no. */
static gboolean
is_decision_of_pool (IssPool *pool,
                     IssJob  *job)
{
  guint n_done = 0;

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    if (!covers (job, iss_pool_get_server (pool, i)))
      return FALSE;

  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);

      if (iss_job_entry_get_state (entry) == ISS_JOB_DONE)
        n_done++;
      else if (iss_job_entry_get_state (entry) != ISS_JOB_FAILED ||
               !g_error_matches (iss_job_entry_get_error (entry), ISS_ERROR,
                                 ISS_ERROR_UNREACHABLE))
        return FALSE;
    }

  return n_done > 0;
}

/**
 * iss_pool_assign_record:
 * @workspace: where @pool belongs to
 * @pool: the pool
 * @job: a job of iss_pool_assign_new() that is over
 * @by: who assigned
 * @out_agreed: (out) (optional): whether the certificate is what is agreed now
 * @error: return location for an error
 *
 * Records what was assigned as what the pool agrees on, for each of the types
 * that are pool-wide, if the job covered every server and each did it. A server
 * that could not be reached does not change what the administrator decided: if
 * at least one did it and no other failed for another reason, it is recorded,
 * and presence shows what is missing. A removal and a what-if record nothing.
 *
 * Returns: whether what was to be recorded is
 */
gboolean
iss_pool_assign_record (IssWorkspace  *workspace,
                        IssPool       *pool,
                        IssJob        *job,
                        const char    *by,
                        gboolean      *out_agreed,
                        GError       **error)
{
  gboolean agreed = FALSE;
  Assign *self;

  g_return_val_if_fail (ISS_IS_WORKSPACE (workspace), FALSE);
  g_return_val_if_fail (ISS_IS_POOL (pool), FALSE);
  g_return_val_if_fail (ISS_IS_JOB (job), FALSE);
  g_return_val_if_fail (by != NULL, FALSE);

  self = iss_job_get_data (job);

  if (self->sha256 != NULL && !self->what_if && is_decision_of_pool (pool, job))
    for (guint i = 0; self->types[i] != NULL; i++)
      {
        const IssCertificateType *type = iss_certificate_type_find (self->types[i]);
        const IssAgreed *before;
        g_autofree char *hex = NULL;

        if (type == NULL || !type->pool_wide)
          continue;

        hex = iss_text_hex (g_bytes_get_data (self->sha256[i], NULL), ISS_SHA256_SIZE, FALSE);
        before = iss_pool_get_agreed (pool, type->name);
        if ((before == NULL || g_strcmp0 (before->sha256_hex, hex) != 0) &&
            !iss_workspace_set_agreed (workspace, pool, type->name, hex, by, error))
          return FALSE;
        agreed = TRUE;
      }

  if (out_agreed != NULL)
    *out_agreed = agreed;

  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/drift-repair.h"

#include <glib/gi18n-lib.h>

#include "core/base/text.h"
#include "core/pool/drift.h"
#include "core/pool/pool-assign.h"
#include "core/pool/presence-seen.h"
#include "ui/dialogs/confirm-dialog.h"
#include "ui/dialogs/error-dialog.h"
#include "ui/pool/ticket.h"

typedef struct
{
  GtkWidget    *parent;
  IssWorkspace *workspace;
  IssPool      *pool;
  GPtrArray    *servers;     /* (element-type IssServer) */
  char         *type;
  GBytes       *sha256;
  gboolean      everywhere;
} Repair;

static void
repair_free (Repair *self)
{
  g_object_unref (self->parent);
  g_object_unref (self->workspace);
  g_object_unref (self->pool);
  g_ptr_array_unref (self->servers);
  g_free (self->type);
  g_bytes_unref (self->sha256);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Repair, repair_free)

static Repair *
repair_new (GtkWidget    *parent,
            IssScopeNode *node,
            const char   *type,
            GBytes       *sha256)
{
  Repair *self = g_new0 (Repair, 1);

  self->parent = g_object_ref (parent);
  self->workspace = g_object_ref (iss_scope_node_get_workspace (node));
  self->pool = g_object_ref (iss_scope_node_get_pool (node));
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);
  self->type = g_strdup (type);
  self->sha256 = g_bytes_ref (sha256);
  return self;
}

/* "auth.contoso.example 3F2A … 5B1E" */
static char *
dup_name (IssPool *pool,
          GBytes  *sha256)
{
  const IssObservedCertificate *seen =
    iss_presence_seen_anywhere (pool, g_bytes_get_data (sha256, NULL));
  g_autofree char *hex = NULL;

  if (seen != NULL)
    return iss_presence_seen_dup_name (seen->issued_to, seen->sha1);

  hex = iss_text_hex (g_bytes_get_data (sha256, NULL), 4, FALSE);
  return g_strdup_printf (_("the certificate with SHA-256 %s…"), hex);
}

static void
run_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(Repair) repair = user_data;
  g_autofree char *who = iss_ticket_dup_observer ();
  g_autoptr(GError) error = NULL;
  IssJob *job = ISS_JOB (object);

  if (!iss_job_run_finish (job, result, NULL))
    return;

  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      const GError *failure = iss_job_entry_get_error (iss_job_get_entry (job, i));

      if (failure != NULL)
        {
          iss_error_dialog_show (repair->parent, _("It could not be put right everywhere."),
                                 failure, NULL);
          break;
        }
    }

  if (repair->everywhere && !iss_pool_assign_record (repair->workspace, repair->pool, job, who,
                                                     NULL, &error))
    iss_error_dialog_show (repair->parent, _("What is agreed could not be written down."), error,
                           NULL);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Repair) repair = user_data;
  const char *types[] = { repair->type, NULL };
  g_autoptr(IssJob) job = NULL;

  if (!iss_confirm_dialog_ask_finish (result))
    return;

  job = iss_pool_assign_new (repair->pool, repair->servers, types, repair->sha256, FALSE, FALSE);
  iss_job_run_async (job, NULL, run_cb, g_steal_pointer (&repair));
}

/**
 * iss_drift_repair_put_back:
 * @parent: a widget of the window that asks
 * @node: a node of the pool
 * @server: the whole name of one of its servers
 * @type: a certificate type for which something is agreed, that @server has in its store
 *
 * Asks, then makes what is agreed current on @server.
 */
void
iss_drift_repair_put_back (GtkWidget    *parent,
                           IssScopeNode *node,
                           const char   *server,
                           const char   *type)
{
  IssPool *pool = iss_scope_node_get_pool (node);
  IssServer *its = iss_pool_find_server (pool, server);
  const IssAgreed *agreed = iss_pool_get_agreed (pool, type);
  g_autoptr(GBytes) sha256 = agreed != NULL ? iss_text_parse_hex (agreed->sha256_hex) : NULL;
  g_autofree char *name = NULL;
  g_autofree char *short_name = NULL;
  g_autofree char *question = NULL;
  g_autofree char *consequence = NULL;
  Repair *repair;

  if (its == NULL || sha256 == NULL)
    return;

  repair = repair_new (parent, node, type, sha256);
  g_ptr_array_add (repair->servers, g_object_ref (its));
  name = dup_name (pool, sha256);
  short_name = iss_server_dup_short_name (its);
  /* Translators: a certificate, a server */
  question = g_strdup_printf (_("Put %s back on %s?"), name, short_name);
  consequence = g_strdup_printf (_("It becomes current for %s there, at once. What is current "
                                   "there now stays as the previous one."), type);

  iss_confirm_dialog_ask_async (parent, question, consequence, _("_Put Back"), FALSE, answered_cb,
                                repair);
}

/**
 * iss_drift_repair_make_everyones:
 * @parent: a widget of the window that asks
 * @node: a node of the pool
 * @type: a certificate type
 * @sha256_hex: what one server uses for it
 *
 * Asks, then makes it current on every server, and agreed. A server that does not have it is
 * named instead: it has to be imported there first.
 */
void
iss_drift_repair_make_everyones (GtkWidget    *parent,
                                 IssScopeNode *node,
                                 const char   *type,
                                 const char   *sha256_hex)
{
  IssPool *pool = iss_scope_node_get_pool (node);
  g_autoptr(GBytes) sha256 = iss_text_parse_hex (sha256_hex);
  g_autofree char *lacking = NULL;
  g_autofree char *name = NULL;
  g_autofree char *question = NULL;
  g_autofree char *consequence = NULL;
  Repair *repair;

  if (sha256 == NULL || g_bytes_get_size (sha256) != ISS_SHA256_SIZE)
    return;

  name = dup_name (pool, sha256);
  lacking = iss_drift_dup_lacking (pool, g_bytes_get_data (sha256, NULL));
  if (lacking != NULL)
    {
      /* Translators: a certificate, servers */
      g_autofree char *what = g_strdup_printf (_("%s cannot be made everyone's yet: it is not "
                                                 "known to be on %s."), name, lacking);
      g_autoptr(GError) error =
        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                             _("Import it there first, or copy it there with its key; nothing was "
                               "changed"));

      iss_error_dialog_show (parent, what, error, NULL);
      return;
    }

  repair = repair_new (parent, node, type, sha256);
  repair->everywhere = TRUE;
  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (repair->servers, g_object_ref (iss_pool_get_server (pool, i)));

  /* Translators: a certificate */
  question = g_strdup_printf (_("Make %s everyone's?"), name);
  consequence = g_strdup_printf (_("It becomes current for %s on every server of %s at once, and "
                                   "is what is agreed then. What is current there now stays as the "
                                   "previous one."), type, iss_pool_get_name (pool));

  iss_confirm_dialog_ask_async (parent, question, consequence, _("_Make Everyone’s"), FALSE,
                                answered_cb, repair);
}

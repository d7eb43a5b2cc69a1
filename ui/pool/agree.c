/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/agree.h"

#include <glib/gi18n-lib.h>

#include "core/base/text.h"
#include "ui/dialogs/confirm-dialog.h"
#include "ui/dialogs/error-dialog.h"
#include "ui/pool/ticket.h"

#define TYPE "OAuthTokenIssuer"

typedef struct
{
  GtkWidget    *parent;
  IssWorkspace *workspace;
  IssPool      *pool;
  char         *sha256_hex;
} Asking;

static void
asking_free (Asking *self)
{
  g_object_unref (self->parent);
  g_object_unref (self->workspace);
  g_object_unref (self->pool);
  g_free (self->sha256_hex);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asking, asking_free)

/* "auth.contoso.example (3F2A 91C0 … 5B1E)", from whichever server has it. */
static char *
dup_name (IssPool    *pool,
          const char *sha256_hex)
{
  g_autoptr(GBytes) sha256 = iss_text_parse_hex (sha256_hex);

  for (guint i = 0; sha256 != NULL && i < iss_pool_get_n_servers (pool); i++)
    {
      IssObservation *seen = iss_server_get_observation (iss_pool_get_server (pool, i));
      const IssObservedCertificate *certificate = NULL;

      if (seen != NULL)
        certificate = iss_observation_find_certificate (seen, g_bytes_get_data (sha256, NULL));

      if (certificate != NULL && certificate->rung >= ISS_RUNG_IN_STORE)
        {
          g_autoptr(GBytes) sha1 = g_bytes_new (certificate->sha1, ISS_SHA1_SIZE);
          g_autofree char *thumbprint = iss_text_thumbprint_short (sha1);

          return g_strdup_printf (_("%s (%s)"), certificate->issued_to, thumbprint);
        }
    }

  return g_strdup_printf (_("the certificate with SHA-256 %.8s…"), sha256_hex);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Asking) asking = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *who = iss_ticket_dup_observer ();

  if (!iss_confirm_dialog_ask_finish (result))
    return;

  if (!iss_workspace_set_agreed (asking->workspace, asking->pool, TYPE, asking->sha256_hex,
                                 TRUE, who, &error))
    iss_error_dialog_show (asking->parent, _("What is agreed could not be written down."), error,
                           NULL);
}

/**
 * iss_agree_ask:
 * @parent: a widget of the window that asks
 * @node: a node of the pool
 * @sha256_hex: the certificate
 *
 * Asks whether @sha256_hex shall be the pool's token issuer, and writes it into
 * the topology file if so. No server is changed.
 */
void
iss_agree_ask (GtkWidget    *parent,
               IssScopeNode *node,
               const char   *sha256_hex)
{
  Asking *asking;
  g_autofree char *name = NULL;
  g_autofree char *question = NULL;
  g_autofree char *consequence = NULL;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (ISS_IS_SCOPE_NODE (node));
  g_return_if_fail (iss_scope_node_get_workspace (node) != NULL);

  asking = g_new0 (Asking, 1);
  asking->parent = g_object_ref (parent);
  asking->workspace = g_object_ref (iss_scope_node_get_workspace (node));
  asking->pool = g_object_ref (iss_scope_node_get_pool (node));
  asking->sha256_hex = g_ascii_strdown (sha256_hex, -1);

  name = dup_name (asking->pool, asking->sha256_hex);
  /* Translators: a certificate, with its thumbprint */
  question = g_strdup_printf (_("Agree on %s?"), name);
  consequence = g_strdup_printf (_("Every server of %s shall then use it for %s. This writes down "
                                   "what is right; it changes nothing on any server."),
                                 iss_pool_get_name (asking->pool), TYPE);

  iss_confirm_dialog_ask_async (parent, question, consequence, _("_Agree"), FALSE, answered_cb,
                                asking);
}

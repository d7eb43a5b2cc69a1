/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/assign-wizard.h"

#include "core/base/text.h"
#include "ui/wizards/assign-run-page.h"
#include "ui/wizards/assign-store-page.h"
#include "ui/wizards/assign-summary-page.h"
#include "ui/wizards/assign-what-page.h"

#include <glib/gi18n-lib.h>

/* The name of what is in the slot, as the first server shows it. */
static char *
dup_name (GPtrArray  *servers,
          const char *type,
          IssSlot     slot)
{
  for (guint i = 0; i < servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (servers, i);
      IssObservation *seen = iss_server_get_observation (server);
      const IssObservedType *its = seen != NULL ? iss_observation_find_type (seen, type) : NULL;
      const IssObservedCertificate *certificate = NULL;

      if (its != NULL && its->slots[slot].is_set)
        certificate = iss_observation_find_certificate (seen, its->slots[slot].sha256);
      if (certificate != NULL && *certificate->issued_to != '\0')
        return g_strdup (certificate->issued_to);
    }

  return g_strdup (_("The certificate"));
}

/**
 * iss_assign_wizard_new:
 * @parent: (nullable): the window that it belongs to
 * @workspace: where an agreement is recorded
 * @pool: a pool of it
 * @types: names of the certificate types to begin with; none is OAuthTokenIssuer
 * @servers: (nullable) (element-type IssServer): where it was begun
 * @sha256: (nullable): the certificate to begin with
 *
 * Returns: (transfer none): the wizard, not shown yet; GTK owns it until it is
 *   closed
 */
GtkWidget *
iss_assign_wizard_new (GtkWindow         *parent,
                       IssWorkspace      *workspace,
                       IssPool           *pool,
                       const char *const *types,
                       GPtrArray         *servers,
                       GBytes            *sha256)
{
  static const char *const usual[] = { "OAuthTokenIssuer", NULL };
  g_autoptr(IssAssignPlan) plan = iss_assign_plan_new (workspace, pool);
  GtkWidget *wizard = iss_wizard_new (parent, _("Certificate Assignment Wizard"));
  GtkWidget *pages[4];
  const char *names[] = { "what", "store", "summary", "run" };

  iss_assign_plan_set_types (plan, types != NULL && types[0] != NULL ? types : usual);
  if (servers != NULL)
    iss_assign_plan_set_servers (plan, servers);

  pages[0] = iss_assign_what_page_new (plan);
  pages[1] = iss_assign_store_page_new (plan, sha256);
  pages[2] = iss_assign_summary_page_new (plan);
  pages[3] = iss_assign_run_page_new (plan);
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    iss_wizard_add_page (ISS_WIZARD (wizard), names[i], ISS_WIZARD_PAGE (pages[i]));

  return wizard;
}

/**
 * iss_assign_wizard_new_remove:
 * @parent: (nullable): the window that it belongs to
 * @workspace: the workspace
 * @pool: a pool of it
 * @type: name of a certificate type
 * @slot: the slot that shall be emptied
 * @servers: (element-type IssServer): where, at least one
 *
 * Returns: (transfer none): the wizard, not shown yet; GTK owns it until it is
 *   closed
 */
GtkWidget *
iss_assign_wizard_new_remove (GtkWindow    *parent,
                              IssWorkspace *workspace,
                              IssPool      *pool,
                              const char   *type,
                              IssSlot       slot,
                              GPtrArray    *servers)
{
  const char *const types[] = { type, NULL };
  g_autoptr(IssAssignPlan) plan = iss_assign_plan_new (workspace, pool);
  g_autofree char *name = dup_name (servers, type, slot);
  GtkWidget *wizard = iss_wizard_new (parent, _("Remove Certificate"));

  iss_assign_plan_set_types (plan, types);
  iss_assign_plan_set_servers (plan, servers);
  iss_assign_plan_set_removal (plan, slot, name);
  iss_wizard_add_page (ISS_WIZARD (wizard), "summary",
                       ISS_WIZARD_PAGE (iss_assign_summary_page_new (plan)));
  iss_wizard_add_page (ISS_WIZARD (wizard), "run",
                       ISS_WIZARD_PAGE (iss_assign_run_page_new (plan)));

  return wizard;
}

/**
 * iss_assign_wizard_new_for:
 * @parent: (nullable): the window that it belongs to
 * @workspace: the workspace
 * @pool: a pool of it
 * @words: what the wizard begins with, in any order; what names nothing is passed over
 * @removes: whether a certificate is taken out of use: then there must be a type and servers
 *
 * Returns: (transfer none) (nullable): the wizard; %NULL if there is nothing to remove
 */
GtkWidget *
iss_assign_wizard_new_for (GtkWindow         *parent,
                           IssWorkspace      *workspace,
                           IssPool           *pool,
                           const char *const *words,
                           gboolean           removes)
{
  g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) types = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  IssSlot slot = ISS_SLOT_CURRENT;

  g_return_val_if_fail (words != NULL, NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      const IssCertificateType *type = iss_certificate_type_find (words[i]);
      IssServer *server = iss_pool_find_server (pool, words[i]);

      if (type != NULL)
        g_strv_builder_add (builder, type->name);
      else if (server != NULL)
        g_ptr_array_add (servers, g_object_ref (server));
      else if (!iss_slot_parse (words[i], &slot, NULL) && sha256 == NULL)
        sha256 = iss_text_parse_hex (words[i]);
    }

  types = g_strv_builder_end (builder);
  if (!removes)
    return iss_assign_wizard_new (parent, workspace, pool, (const char *const *) types, servers,
                                  sha256);

  if (types[0] == NULL || servers->len == 0)
    return NULL;

  return iss_assign_wizard_new_remove (parent, workspace, pool, types[0], slot, servers);
}

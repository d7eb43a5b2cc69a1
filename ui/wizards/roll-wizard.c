/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/roll-wizard.h"

#include "core/base/text.h"
#include "ui/wizards/assign-order.h"
#include "ui/wizards/assign-store-page.h"
#include "ui/wizards/assign-what-page.h"
#include "ui/wizards/roll-date-page.h"
#include "ui/wizards/roll-notice-page.h"
#include "ui/wizards/roll-timeline-page.h"

#include <glib/gi18n-lib.h>

/**
 * iss_roll_wizard_new_for:
 * @parent: (nullable): the window that it belongs to
 * @workspace: the workspace
 * @pool: a pool of it
 * @words: what the wizard begins with, in any order: types that can be rolled, servers, and a
 *   certificate by its SHA-256; what names nothing is passed over
 * @zone: the zone that dates are typed and shown in
 *
 * Returns: (transfer none): the wizard, not shown yet; GTK owns it until it is closed
 */
GtkWidget *
iss_roll_wizard_new_for (GtkWindow         *parent,
                         IssWorkspace      *workspace,
                         IssPool           *pool,
                         const char *const *words,
                         GTimeZone         *zone)
{
  static const char *const usual[] = { "OAuthTokenIssuer", NULL };
  const char *names[] = { "what", "store", "date", "timeline", "notices" };
  g_autoptr(IssAssignPlan) plan = iss_assign_plan_new (workspace, pool);
  g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) types = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  GtkWidget *pages[G_N_ELEMENTS (names)];
  GtkWidget *wizard;

  g_return_val_if_fail (words != NULL, NULL);
  g_return_val_if_fail (zone != NULL, NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      const IssCertificateType *type = iss_certificate_type_find (words[i]);
      IssServer *server = iss_pool_find_server (pool, words[i]);

      if (type != NULL && type->rollable)
        g_strv_builder_add (builder, type->name);
      else if (type == NULL && server != NULL)
        g_ptr_array_add (servers, g_object_ref (server));
      else if (type == NULL && sha256 == NULL)
        sha256 = iss_text_parse_hex (words[i]);
    }

  types = g_strv_builder_end (builder);
  iss_assign_plan_set_rolls (plan, TRUE);
  iss_assign_plan_set_types (plan, types[0] != NULL ? (const char *const *) types : usual);
  iss_assign_plan_set_servers (plan, servers);

  wizard = iss_wizard_new (parent, _("Roll Wizard"));
  pages[0] = iss_assign_what_page_new (plan);
  pages[1] = iss_assign_store_page_new (plan, sha256);
  pages[2] = iss_roll_date_page_new (plan, zone);
  pages[3] = iss_roll_timeline_page_new (plan, zone);
  pages[4] = iss_roll_notice_page_new (plan, zone);
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    iss_wizard_add_page (ISS_WIZARD (wizard), names[i], ISS_WIZARD_PAGE (pages[i]));
  iss_assign_order_add_pages (ISS_WIZARD (wizard), plan, FALSE);

  return wizard;
}

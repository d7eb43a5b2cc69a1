/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/assign-wizard.h"

#include "core/base/text.h"
#include "core/pool/presence-seen.h"
#include "ui/wizards/assign-order.h"
#include "ui/wizards/assign-store-page.h"
#include "ui/wizards/assign-what-page.h"
#include "ui/wizards/assign-words.h"
#include "ui/wizards/replace-page.h"
#include "ui/wizards/roll-date-page.h"
#include "ui/wizards/roll-notice-page.h"
#include "ui/wizards/roll-timeline-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What a certificate is for where nobody says. */
#define USUAL_TYPE "OAuthTokenIssuer"

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
  static const char *const usual[] = { USUAL_TYPE, NULL };
  g_autoptr(IssAssignPlan) plan = iss_assign_plan_new (workspace, pool);
  GtkWidget *wizard = iss_wizard_new (parent, _("Certificate Assignment Wizard"));

  iss_assign_plan_set_types (plan, types != NULL && types[0] != NULL ? types : usual);
  if (servers != NULL)
    iss_assign_plan_set_servers (plan, servers);

  iss_wizard_add_page (ISS_WIZARD (wizard), "what",
                       ISS_WIZARD_PAGE (iss_assign_what_page_new (plan)));
  iss_wizard_add_page (ISS_WIZARD (wizard), "store",
                       ISS_WIZARD_PAGE (iss_assign_store_page_new (plan, sha256)));
  iss_assign_order_add_pages (ISS_WIZARD (wizard), plan, FALSE);

  return wizard;
}

/* What it is used for somewhere, first of all what every server must use alike; else that. */
static const char *
find_type (IssPool *pool,
           GBytes  *sha256)
{
  const char *found = NULL;

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssObservation *seen = iss_server_get_observation (iss_pool_get_server (pool, i));
      guint n = seen != NULL ? iss_observation_get_n_types (seen) : 0;

      for (guint k = 0; k < n; k++)
        {
          const IssObservedType *its = iss_observation_get_type_at (seen, k);
          const IssCertificateType *type = iss_certificate_type_find (its->type);

          if (type == NULL || !its->slots[ISS_SLOT_CURRENT].is_set ||
              memcmp (its->slots[ISS_SLOT_CURRENT].sha256, g_bytes_get_data (sha256, NULL),
                      ISS_SHA256_SIZE) != 0)
            continue;
          if (type->pool_wide)
            return type->name;
          if (found == NULL)
            found = type->name;
        }
    }

  return found != NULL ? found : USUAL_TYPE;
}

/* Those that have it, best with its key; if none is known to, all. */
static GPtrArray *
dup_holders (IssPool *pool,
             GBytes  *sha256)
{
  static const IssRung rungs[] = { ISS_RUNG_KEY_MATCHES, ISS_RUNG_IN_STORE, ISS_RUNG_NONE };
  GPtrArray *holders = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; i < G_N_ELEMENTS (rungs) && holders->len == 0; i++)
    for (guint k = 0; k < iss_pool_get_n_servers (pool); k++)
      {
        IssServer *server = iss_pool_get_server (pool, k);
        const IssObservedCertificate *its =
          iss_presence_seen_certificate (server, g_bytes_get_data (sha256, NULL));

        if (rungs[i] == ISS_RUNG_NONE || (its != NULL && its->rung >= rungs[i]))
          g_ptr_array_add (holders, g_object_ref (server));
      }

  return holders;
}

/**
 * iss_assign_wizard_new_global:
 * @parent: (nullable): the window that it belongs to
 * @workspace: the workspace
 * @pool: a pool of it
 * @type: (nullable): the name of a certificate type; %NULL: what the certificate is used for
 *   somewhere
 * @sha256: a certificate that a server has
 *
 * Has it used on every server, replicated.
 *
 * Returns: (transfer none): the wizard, not shown yet; GTK owns it until it is closed
 */
GtkWidget *
iss_assign_wizard_new_global (GtkWindow    *parent,
                              IssWorkspace *workspace,
                              IssPool      *pool,
                              const char   *type,
                              GBytes       *sha256)
{
  g_autoptr(IssAssignPlan) plan = iss_assign_plan_new (workspace, pool);
  const char *const types[] = { type != NULL ? type : find_type (pool, sha256), NULL };
  g_autoptr(GPtrArray) holders = dup_holders (pool, sha256);
  GtkWidget *wizard = iss_wizard_new (parent, _("Make It Global"));
  GtkWidget *store = iss_assign_store_page_new (plan, sha256);

  iss_assign_plan_set_types (plan, types);
  iss_assign_plan_set_servers (plan, holders);
  iss_assign_store_page_set_everywhere (ISS_ASSIGN_STORE_PAGE (store), TRUE);
  iss_wizard_add_page (ISS_WIZARD (wizard), "store", ISS_WIZARD_PAGE (store));
  iss_assign_order_add_pages (ISS_WIZARD (wizard), plan, TRUE);

  return wizard;
}

/* The slot that a change is about. */
static IssSlot
get_slot (IssTransitionKind change)
{
  switch (change)
    {
    case ISS_TRANSITION_ARM:
    case ISS_TRANSITION_CANCEL:
    case ISS_TRANSITION_POSTPONE:
      return ISS_SLOT_STAGED;

    case ISS_TRANSITION_SWAP_BACK:
    case ISS_TRANSITION_REMOVE_PREVIOUS:
      return ISS_SLOT_PREVIOUS;

    case ISS_TRANSITION_SET:
    case ISS_TRANSITION_STAGE:
    case ISS_TRANSITION_REPLACE:
    case ISS_TRANSITION_ROLL:
    case ISS_TRANSITION_REMOVE_CURRENT:
    case ISS_N_TRANSITIONS:
      break;
    }

  return ISS_SLOT_CURRENT;
}

static void
add_page (GtkWidget  *wizard,
          const char *name,
          GtkWidget  *page)
{
  iss_wizard_add_page (ISS_WIZARD (wizard), name, ISS_WIZARD_PAGE (page));
}

/**
 * iss_assign_wizard_new_change:
 * @parent: (nullable): the window that it belongs to
 * @workspace: the workspace
 * @pool: a pool of it
 * @type: name of a certificate type
 * @change: what is changed: remove, cancel, postpone or swap back
 * @servers: (element-type IssServer): where, at least one
 *
 * Returns: (transfer none): the wizard, not shown yet; GTK owns it until it is
 *   closed
 */
GtkWidget *
iss_assign_wizard_new_change (GtkWindow         *parent,
                              IssWorkspace      *workspace,
                              IssPool           *pool,
                              const char        *type,
                              IssTransitionKind  change,
                              GPtrArray         *servers)
{
  const char *const types[] = { type, NULL };
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr(IssAssignPlan) plan = iss_assign_plan_new (workspace, pool);
  g_autofree char *name = dup_name (servers, type, get_slot (change));
  GtkWidget *wizard = iss_wizard_new (parent, iss_assign_words_get_title (change));

  if (change == ISS_TRANSITION_CANCEL)
    iss_wizard_set_leave_label (ISS_WIZARD (wizard), _("Keep the Roll"));
  iss_assign_plan_set_types (plan, types);
  iss_assign_plan_set_servers (plan, servers);
  iss_assign_plan_set_change (plan, change, name);
  if (change == ISS_TRANSITION_POSTPONE)
    {
      add_page (wizard, "date", iss_roll_date_page_new (plan, zone));
      add_page (wizard, "timeline", iss_roll_timeline_page_new (plan, zone));
      add_page (wizard, "notices", iss_roll_notice_page_new (plan, zone));
    }
  iss_assign_order_add_pages (ISS_WIZARD (wizard), plan, FALSE);

  return wizard;
}

/**
 * iss_assign_wizard_new_replace:
 * @parent: (nullable): the window that it belongs to
 * @workspace: the workspace
 * @pool: a pool of it
 * @sha256: a certificate that is compromised
 *
 * Replaces it for all that it is used for, on every server of the pool.
 *
 * Returns: (transfer none): the wizard, not shown yet; GTK owns it until it is
 *   closed
 */
GtkWidget *
iss_assign_wizard_new_replace (GtkWindow    *parent,
                               IssWorkspace *workspace,
                               IssPool      *pool,
                               GBytes       *sha256)
{
  g_autoptr(IssAssignPlan) plan = iss_assign_plan_new (workspace, pool);
  g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);
  GtkWidget *wizard;

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (servers, g_object_ref (iss_pool_get_server (pool, i)));
  iss_assign_plan_set_servers (plan, servers);

  wizard = iss_wizard_new (parent, iss_assign_words_get_title (ISS_TRANSITION_REPLACE));
  add_page (wizard, "replace", iss_replace_page_new (plan, sha256));
  add_page (wizard, "store", iss_assign_store_page_new (plan, NULL));
  iss_assign_order_add_pages (ISS_WIZARD (wizard), plan, FALSE);

  return wizard;
}

/**
 * iss_assign_wizard_new_for:
 * @parent: (nullable): the window that it belongs to
 * @workspace: the workspace
 * @pool: a pool of it
 * @words: what the wizard begins with, in any order; what names nothing is passed over
 * @change: %ISS_TRANSITION_SET to assign; to replace there must be a certificate; else there must
 *   be a type and servers, and of a removal a slot says which
 *
 * Returns: (transfer none) (nullable): the wizard; %NULL if there is nothing to change
 */
GtkWidget *
iss_assign_wizard_new_for (GtkWindow         *parent,
                           IssWorkspace      *workspace,
                           IssPool           *pool,
                           const char *const *words,
                           IssTransitionKind  change)
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
  if (change == ISS_TRANSITION_REPLACE)
    return sha256 != NULL ? iss_assign_wizard_new_replace (parent, workspace, pool, sha256) : NULL;
  if (change == ISS_TRANSITION_SET)
    return iss_assign_wizard_new (parent, workspace, pool, (const char *const *) types, servers,
                                  sha256);

  if (types[0] == NULL || servers->len == 0)
    return NULL;

  if (change == ISS_TRANSITION_REMOVE_CURRENT && slot == ISS_SLOT_PREVIOUS)
    change = ISS_TRANSITION_REMOVE_PREVIOUS;
  else if (change == ISS_TRANSITION_REMOVE_CURRENT && slot == ISS_SLOT_STAGED)
    change = ISS_TRANSITION_CANCEL;

  return iss_assign_wizard_new_change (parent, workspace, pool, types[0], change, servers);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/page-factory.h"

#include "ui/certificates/store-page.h"
#include "ui/pool/assignments-page.h"
#include "ui/pool/event-log-page.h"
#include "ui/pool/overview-page.h"
#include "ui/pool/presence-page.h"
#include "ui/pool/replication-page.h"
#include "ui/pool/server-page.h"
#include "ui/pool/task-page.h"
#include "ui/window/children-page.h"
#include "ui/window/root-page.h"

typedef GtkWidget * (* MakePage) (IssScopeNode *node);

/* One line a kind. A kind without one shows the nodes below it. */
static const MakePage makers[ISS_N_SCOPE_KINDS] =
{
  [ISS_SCOPE_KIND_ROOT]         = iss_root_page_new,
  [ISS_SCOPE_KIND_POOL]         = iss_overview_page_new,
  [ISS_SCOPE_KIND_PRESENCE]     = iss_presence_page_new,
  [ISS_SCOPE_KIND_ASSIGNMENTS]  = iss_assignments_page_new,
  [ISS_SCOPE_KIND_REPLICATION]  = iss_replication_page_new,
  [ISS_SCOPE_KIND_SERVER]       = iss_server_page_new,
  [ISS_SCOPE_KIND_CERTIFICATES] = iss_children_page_new,
  [ISS_SCOPE_KIND_STORE]        = iss_store_page_new,
  [ISS_SCOPE_KIND_TASKS]        = iss_task_page_new,
  [ISS_SCOPE_KIND_EVENT_LOG]    = iss_event_log_page_new,
};

/**
 * iss_page_factory_make:
 * @node: a node of the scope tree
 *
 * Returns: (transfer floating): a new page for @node
 */
IssPage *
iss_page_factory_make (IssScopeNode *node)
{
  IssScopeKind kind;
  MakePage make;

  g_return_val_if_fail (ISS_IS_SCOPE_NODE (node), NULL);

  kind = iss_scope_node_get_kind (node);
  make = makers[kind] != NULL ? makers[kind] : iss_children_page_new;

  return ISS_PAGE (make (node));
}

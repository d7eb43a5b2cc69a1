/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/import-order.h"

#include <glib/gi18n-lib.h>

#include "ui/wizards/shell-line.h"

/**
 * iss_import_order_get_obstacle:
 * @plan: a plan whose file was read
 *
 * Returns: (transfer none) (nullable): why it cannot be done on every server, replicated
 */
const char *
iss_import_order_get_obstacle (IssImportPlan *plan)
{
  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (plan), NULL);

  if (iss_import_plan_has_key (plan))
    return NULL;

  return _("The file has no private key: what is replicated goes to every server with its key.");
}

/**
 * iss_import_order_fill:
 * @plan: a plan whose file was read, with a private key
 *
 * Orders that what is in the file is used on every server. What is imported so is assigned, too.
 */
void
iss_import_order_fill (IssImportPlan *plan)
{
  g_autoptr(GPtrArray) others = g_ptr_array_new ();
  g_autoptr(GString) line = NULL;
  g_autofree char *path = NULL;
  IssGlobalOrder *order;
  IssBundle *bundle;
  IssPrivateKey *key = NULL;

  g_return_if_fail (ISS_IS_IMPORT_PLAN (plan));
  g_return_if_fail (iss_import_plan_has_key (plan));

  order = iss_import_plan_get_order (plan);
  bundle = iss_import_plan_get_bundle (plan);
  for (guint i = 0; i < iss_bundle_get_n_certificates (bundle); i++)
    {
      IssCertificate *certificate = iss_bundle_get_certificate (bundle, i);

      if (certificate == iss_import_plan_get_certificate (plan))
        key = iss_bundle_get_key_for (bundle, i);
      else
        g_ptr_array_add (others, certificate);
    }

  iss_global_order_set_type (order, ISS_IMPORT_ORDER_TYPE);
  iss_global_order_set_change (order, ISS_TRANSITION_SET, NULL, FALSE, ISS_STAGED_ASK);
  iss_global_order_set_material (order, iss_import_plan_get_certificate (plan), others, key);

  path = g_file_get_path (iss_import_plan_get_file (plan));
  line = iss_shell_line_new (iss_import_plan_get_workspace (plan), "import-certificate");
  iss_shell_line_add (line, "--identity", "global");
  iss_shell_line_add (line, "--type", ISS_IMPORT_ORDER_TYPE);
  iss_shell_line_add_file (line, "--path", path);
  if (iss_import_plan_needs_password (plan))
    iss_shell_line_add (line, "--password-file", NULL);
  iss_global_order_set_shell_line (order, line->str);
}

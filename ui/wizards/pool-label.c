/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/pool-label.h"

#include "core/base/text.h"

#include <string.h>

/* What pools and servers are called in a sentence. */

/**
 * iss_pool_label_dup_short:
 * @pool: a pool
 *
 * Returns: (transfer full): the first label of its name
 */
char *
iss_pool_label_dup_short (IssPool *pool)
{
  const char *name;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  name = iss_pool_get_name (pool);

  return g_strndup (name, strcspn (name, "."));
}

/**
 * iss_pool_label_dup_names:
 * @servers: (element-type IssServer): servers
 *
 * Returns: (transfer full): their short names, joined as a person does
 */
char *
iss_pool_label_dup_names (GPtrArray *servers)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;

  g_return_val_if_fail (servers != NULL, NULL);

  for (guint i = 0; i < servers->len; i++)
    {
      g_autofree char *name = iss_server_dup_short_name (g_ptr_array_index (servers, i));

      g_strv_builder_add (builder, name);
    }

  names = g_strv_builder_end (builder);

  return iss_text_join_names ((const char *const *) names);
}

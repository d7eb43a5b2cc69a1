/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-log.h"
#include "tests/fuzz/target.h"

#define REPLY "(ta(tuay)a{ss})"

void
iss_target_add_seeds (GPtrArray *seeds)
{
  iss_seeds_add_variant (seeds, g_variant_new_parsed (
    "(@t 5, [(@t 90, @u 0, @ay b'{}'), (50, 1, b'torn')], "
    "{'0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef': 'auth'})"));
  iss_seeds_add_variant (seeds, g_variant_new_parsed ("(@t 0, @a(tuay) [], @a{ss} {})"));
}

/* What an agent says of its record: in order, below what was asked, no more than was asked. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const IssAgentLogQuery query = { .before = 100, .limit = 3 };
  g_autoptr(IssAgentCall) call = iss_agent_log_new_get (&query);
  g_autoptr(GVariant) reply = iss_seeds_read_variant (REPLY, data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAgentLogPage) page = iss_agent_call_read (call, reply, &error);
  guint64 above = query.before;

  iss_seeds_assert_refused (page != NULL, error);
  if (page == NULL)
    return 0;

  g_assert_cmpuint (page->entries->len, <=, query.limit);
  for (guint i = 0; i < page->entries->len; i++)
    {
      g_assert_cmpuint (iss_audit_entry_get_offset (page->entries->pdata[i]), <, above);
      above = iss_audit_entry_get_offset (page->entries->pdata[i]);
    }
  g_assert_true (page->next < query.before);

  return 0;
}

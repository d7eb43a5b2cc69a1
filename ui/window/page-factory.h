/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window/page.h"

G_BEGIN_DECLS

IssPage  *iss_page_factory_make  (IssScopeNode  *node) G_GNUC_WARN_UNUSED_RESULT;   /* floating */

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void iss_nobody_begin (const char *folder);
void iss_nobody_end   (void);

G_END_DECLS
